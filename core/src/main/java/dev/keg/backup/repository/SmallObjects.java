package dev.keg.backup.repository;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Reads and writes small objects as a whole. */
final class SmallObjects {
  /**
   * Ten times what the longest chain of backups needs, so that filling a repository with large
   * objects costs no time.
   */
  private static final int LARGEST = 8 << 20;

  private SmallObjects() {}

  static void write(ObjectStore store, ObjectName name, byte[] bytes) throws StoreException {
    try (PendingObject object = store.create(name, new Size(bytes.length))) {
      write(object, bytes);
    } catch (IOException e) {
      throw StoreException.of(e);
    }
  }

  /** Writes an object that is only needed for a short time. */
  static void writePassing(ObjectStore store, ObjectName name, byte[] bytes) throws StoreException {
    try (PendingObject object = store.createPassing(name, new Size(bytes.length))) {
      write(object, bytes);
    } catch (IOException e) {
      throw StoreException.of(e);
    }
  }

  private static void write(PendingObject object, byte[] bytes) throws IOException {
    object.write(bytes, 0, bytes.length);
    object.publish();
  }

  /** Deletes an object that is no longer needed; if a lock keeps it, it stays for a while. */
  static void deletePassing(ObjectStore store, ObjectName name) throws StoreException {
    try {
      store.delete(name);
    } catch (StoreException.Kept _) {
      // A later cleanup finds it again.
    }
  }

  static byte[] read(ObjectStore store, StoredObject object)
      throws StoreException, InvalidDocument {
    if (object.size().bytes() > LARGEST) {
      throw new InvalidDocument("it is too large: " + object.size().humanBinary());
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) object.size().bytes());
    int count;
    try {
      count = store.read(object.name(), 0, buffer);
    } catch (StoreException.Forged e) {
      throw new InvalidDocument(e.why());
    }
    return Arrays.copyOf(buffer.array(), count);
  }

  /**
   * When an object that was just written appeared, by the store's clock; this is its current time.
   */
  static Instant timeOf(ObjectName written, List<StoredObject> listing, ObjectStore store)
      throws StoreException {
    return listing.stream()
        .filter(listed -> listed.name().last().equals(written.last()))
        .map(StoredObject::stored)
        .findFirst()
        .orElseThrow(
            () ->
                new StoreException.Failed(
                    store.address(),
                    "list " + RepositoryLayout.folder(written),
                    written + " is not listed after it was written",
                    "a repository needs a store that shows at once what was written"));
  }
}
