package dev.keg.backup.repository;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * {@code repository.json}, by which a place is known to be a repository of a schema that we know:
 *
 * <pre>
 * {"schema":2,"created":"2026-11-20T10:58:01Z","id":"8a5c3f0e-6a53-4c2e-9d6f-0b1c2d3e4f50",
 *  "key":"…"}</pre>
 *
 * @param format the schema: 1, which has no key, or 2
 * @param key 16 bytes in hexadecimal, under which content is recognised
 */
record Description(long format, String created, String id, Optional<String> key) {
  static final long FIRST = 1;
  static final long SHARING = 2;

  private static final int LARGEST = 1 << 16;
  private static final int KEY = 16;

  /** The description, if there is one; an unreadable one is an error. */
  static Optional<Description> find(ObjectStore store) throws StoreException {
    Optional<Description> found = find(store, RepositoryLayout.DESCRIPTION);
    if (found.filter(last -> last.format != FIRST).isPresent()) {
      return found;
    }
    // An upgrade that was killed has written the new file, and perhaps deleted the old one; where a
    // lock keeps what was, it stays so.
    return find(store, RepositoryLayout.UPGRADE)
        .filter(next -> found.filter(last -> !last.id.equals(next.id)).isEmpty())
        .or(() -> found);
  }

  private static Optional<Description> find(ObjectStore store, ObjectName name)
      throws StoreException {
    ByteBuffer buffer = ByteBuffer.allocate(LARGEST);
    int length;
    try {
      length = store.read(name, 0, buffer);
    } catch (StoreException.Absent _) {
      return Optional.empty();
    }
    return Optional.of(checked(store, name, Arrays.copyOf(buffer.array(), length)));
  }

  /** Reads what {@link #bytes} says. */
  static Description parse(ObjectStore store, byte[] bytes) throws StoreException {
    return checked(store, RepositoryLayout.DESCRIPTION, bytes);
  }

  private static Description checked(ObjectStore store, ObjectName name, byte[] bytes)
      throws StoreException {
    try {
      return parse(store, name, bytes);
    } catch (InvalidDocument e) {
      throw new StoreException.Failed(
          store.address(),
          "open",
          name + " is damaged: " + e.getMessage(),
          "the backups are untouched; remove that file to continue without it");
    }
  }

  private static Description parse(ObjectStore store, ObjectName name, byte[] bytes)
      throws InvalidDocument {
    JsonDocument json = JsonDocument.read(store.address() + ": " + name, SHARING, bytes);
    long format = json.schema();
    Description description =
        new Description(
            format,
            json.text("created"),
            json.text("id"),
            format == FIRST ? Optional.empty() : Optional.of(json.text("key")));
    json.end();
    return description;
  }

  /** Makes one; false if another process was faster, whose description then holds for all. */
  static boolean create(ObjectStore store, Description description) throws StoreException {
    return description.write(store, RepositoryLayout.DESCRIPTION);
  }

  private boolean write(ObjectStore store, ObjectName name) throws StoreException {
    try {
      SmallObjects.write(store, name, bytes());
      return true;
    } catch (StoreException.AlreadyExists _) {
      return false;
    }
  }

  /**
   * Makes a repository one of format 2. Its archives stay as they are. The new description is
   * written beside the old one first: the repository is never without one, and keeps its id, also
   * if this is killed. Where a lock keeps the old one, the new one stays beside it. It may be run
   * again.
   */
  static void upgrade(ObjectStore store) throws StoreException {
    Optional<Description> now = find(store, RepositoryLayout.DESCRIPTION);
    Optional<Description> begun = find(store, RepositoryLayout.UPGRADE);
    Description last = now.or(() -> begun).orElseThrow();
    Description next =
        last.format == SHARING
            ? last
            : begun.orElseGet(
                () -> new Description(SHARING, last.created, last.id, Optional.of(randomKey())));
    if (last.format != SHARING) {
      if (begun.isEmpty()) {
        SmallObjects.writePassing(store, RepositoryLayout.UPGRADE, next.bytes());
      }
      try {
        store.delete(RepositoryLayout.DESCRIPTION);
      } catch (StoreException.Kept e) {
        store.keep(RepositoryLayout.UPGRADE, e.until());
        return;
      }
    }
    next.write(store, RepositoryLayout.DESCRIPTION);
    SmallObjects.deletePassing(store, RepositoryLayout.UPGRADE);
  }

  byte[] bytes() {
    JsonObject json = JsonObject.ofSchema(format).put("created", created).put("id", id);
    return key.map(secret -> json.put("key", secret)).orElse(json).bytes();
  }

  static Description random(RandomGenerator random, Instant now) {
    String id = new UUID(random.nextLong(), random.nextLong()).toString();
    return new Description(SHARING, now.toString(), id, Optional.of(randomKey()));
  }

  /** One that nobody can guess, not even from the other names and numbers of this process. */
  private static String randomKey() {
    byte[] key = new byte[KEY];
    new SecureRandom().nextBytes(key);
    return HexFormat.of().formatHex(key);
  }
}
