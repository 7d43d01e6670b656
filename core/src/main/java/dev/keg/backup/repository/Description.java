package dev.keg.backup.repository;

import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * {@code repository.json}, by which a place is known to be a repository of a schema that we know:
 *
 * <pre>
 * {"schema":1,"created":"2026-11-20T10:58:01Z","id":"8a5c3f0e-6a53-4c2e-9d6f-0b1c2d3e4f50"}</pre>
 */
final class Description {
  private static final int LARGEST = 1 << 16;

  private Description() {}

  /** Whether there is one; one that we do not understand is an error. */
  static boolean present(ObjectStore store) throws StoreException {
    ByteBuffer buffer = ByteBuffer.allocate(LARGEST);
    int length;
    try {
      length = store.read(RepositoryLayout.DESCRIPTION, 0, buffer);
    } catch (StoreException.Absent _) {
      return false;
    }
    try {
      requireKnown(store, Arrays.copyOf(buffer.array(), length));
    } catch (InvalidDocument e) {
      throw new StoreException.Failed(
          store.address(),
          "open",
          RepositoryLayout.DESCRIPTION + " is damaged: " + e.getMessage(),
          "the backups are untouched; take that file away, and keg goes on without it");
    }
    return true;
  }

  private static void requireKnown(ObjectStore store, byte[] bytes) throws InvalidDocument {
    JsonDocument json =
        JsonDocument.read(
            store.address() + ": " + RepositoryLayout.DESCRIPTION, Schema.CURRENT, bytes);
    json.text("created");
    json.text("id");
    json.end();
  }

  /** Of several that begin one at once, the first wins, and it is the same to all. */
  static void create(ObjectStore store, Instant now, RandomGenerator random) throws StoreException {
    byte[] bytes =
        JsonObject.ofSchema(Schema.CURRENT)
            .put("created", now.toString())
            .put("id", new UUID(random.nextLong(), random.nextLong()).toString())
            .bytes();
    try {
      SmallObjects.write(store, RepositoryLayout.DESCRIPTION, bytes);
    } catch (StoreException.AlreadyExists _) {
      present(store);
    }
  }
}
