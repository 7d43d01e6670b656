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
 * {@code repository.json}, which marks a repository with a known schema:
 *
 * <pre>
 * {"schema":2,"created":"2026-11-20T10:58:01Z","id":"8a5c3f0e-6a53-4c2e-9d6f-0b1c2d3e4f50",
 *  "key":"…"}</pre>
 *
 * @param format the schema: 1, which has no key, or 2
 * @param key 16 bytes in hexadecimal, for the content hashes
 */
record Description(long format, String created, String id, Optional<String> key) {
  static final long FIRST = 1;
  static final long SHARING = 2;

  private static final int LARGEST = 1 << 16;
  private static final int KEY = 16;

  /** The description, if it exists; an unreadable one is an error. */
  static Optional<Description> find(ObjectStore store) throws StoreException {
    Optional<Description> found = find(store, RepositoryLayout.DESCRIPTION);
    if (found.filter(last -> last.format != FIRST).isPresent()) {
      return found;
    }
    // A killed upgrade has written the new file and perhaps deleted the old one; if a lock keeps
    // the old one, both remain.
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

  /** Parses the output of {@link #bytes}. */
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

  /**
   * Creates a description; returns false if another process created one first, which then counts.
   */
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
   * Upgrades a repository to format 2, without changing its archives. The new description is first
   * written beside the old one, so the repository always has one and keeps its id, even if this is
   * killed. If a lock keeps the old one, the new one stays beside it. Idempotent.
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

  /** An unguessable key, even for someone who knows other names and numbers of this process. */
  private static String randomKey() {
    byte[] key = new byte[KEY];
    new SecureRandom().nextBytes(key);
    return HexFormat.of().formatHex(key);
  }
}
