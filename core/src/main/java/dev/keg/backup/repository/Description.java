package dev.keg.backup.repository;

import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * {@code repository.json}, by which a place is known to be a repository of a schema that we know:
 *
 * <pre>
 * {"schema":1,"created":"2026-11-20T10:58:01Z","id":"8a5c3f0e-6a53-4c2e-9d6f-0b1c2d3e4f50"}</pre>
 */
record Description(String id) {
  private static final int LARGEST = 1 << 16;

  /** The description, if there is one; an unreadable one is an error. */
  static Optional<Description> find(ObjectStore store) throws StoreException {
    ByteBuffer buffer = ByteBuffer.allocate(LARGEST);
    int length;
    try {
      length = store.read(RepositoryLayout.DESCRIPTION, 0, buffer);
    } catch (StoreException.Absent _) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse(store, Arrays.copyOf(buffer.array(), length)));
    } catch (InvalidDocument e) {
      throw new StoreException.Failed(
          store.address(),
          "open",
          RepositoryLayout.DESCRIPTION + " is damaged: " + e.getMessage(),
          "the backups are untouched; remove that file to go on without it");
    }
  }

  private static Description parse(ObjectStore store, byte[] bytes) throws InvalidDocument {
    JsonDocument json =
        JsonDocument.read(
            store.address() + ": " + RepositoryLayout.DESCRIPTION, Schema.CURRENT, bytes);
    json.text("created");
    Description description = new Description(json.text("id"));
    json.end();
    return description;
  }

  /** Makes one; false if another process was faster, whose description then holds for all. */
  static boolean create(ObjectStore store, Description description, Instant now)
      throws StoreException {
    byte[] bytes =
        JsonObject.ofSchema(Schema.CURRENT)
            .put("created", now.toString())
            .put("id", description.id())
            .bytes();
    try {
      SmallObjects.write(store, RepositoryLayout.DESCRIPTION, bytes);
      return true;
    } catch (StoreException.AlreadyExists _) {
      return false;
    }
  }

  static Description random(RandomGenerator random) {
    return new Description(new UUID(random.nextLong(), random.nextLong()).toString());
  }
}
