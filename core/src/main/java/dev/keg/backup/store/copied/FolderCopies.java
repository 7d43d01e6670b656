package dev.keg.backup.store.copied;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.StoredObject;
import dev.keg.volume.Size;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Copies of the objects in one folder:
 *
 * <pre>
 * checksum  CRC-32C of the rest, in eight bytes
 * version   1 in four bytes
 * copies    until the end: length of the object's name in four bytes, the name, when the object
 *           appeared in eight bytes of seconds and four of nanoseconds, its length in four, its
 *           bytes
 * </pre>
 */
final class FolderCopies {
  private static final int VERSION = 1;

  private final SortedMap<ObjectName, Copy> copies = new TreeMap<>();
  private boolean changed;

  /**
   * @param isNew whether this process read it from the store
   */
  private record Copy(StoredObject object, ByteBuffer bytes, boolean isNew) {}

  /** Those in a file; none if it is empty, damaged or of another version. */
  static FolderCopies read(ByteBuffer file) {
    FolderCopies all = new FolderCopies();
    try {
      if (file.hasRemaining() && file.getLong() == checksum(file) && file.getInt() == VERSION) {
        while (file.hasRemaining()) {
          all.add(file);
        }
      }
    } catch (BufferUnderflowException | IllegalArgumentException | DateTimeException _) {
      all.copies.clear();
    }
    return all;
  }

  private static long checksum(ByteBuffer rest) {
    CRC32C sum = new CRC32C();
    sum.update(rest.duplicate());
    return sum.getValue();
  }

  private void add(ByteBuffer file) {
    ByteBuffer name = slice(file, file.getInt());
    ObjectName object = new ObjectName(StandardCharsets.US_ASCII.decode(name).toString());
    Instant stored = Instant.ofEpochSecond(file.getLong(), file.getInt());
    ByteBuffer bytes = slice(file, file.getInt());
    StoredObject listed = new StoredObject(object, new Size(bytes.remaining()), stored);
    copies.put(object, new Copy(listed, bytes, false));
  }

  private static ByteBuffer slice(ByteBuffer file, int length) {
    if (length < 0 || length > file.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer slice = file.slice(file.position(), length);
    file.position(file.position() + length);
    return slice;
  }

  /** The content of the file. */
  byte[] bytes() {
    int length = Long.BYTES + Integer.BYTES;
    for (Copy copy : copies.values()) {
      length += length(copy);
    }
    ByteBuffer file = ByteBuffer.allocate(length);
    file.putLong(0).putInt(VERSION);
    for (Copy copy : copies.values()) {
      byte[] name = copy.object().name().text().getBytes(StandardCharsets.US_ASCII);
      Instant stored = copy.object().stored();
      file.putInt(name.length).put(name);
      file.putLong(stored.getEpochSecond()).putInt(stored.getNano());
      file.putInt(copy.bytes().remaining()).put(copy.bytes().duplicate());
    }
    file.putLong(0, checksum(file.flip().position(Long.BYTES)));
    return file.array();
  }

  private static int length(Copy copy) {
    return 3 * Integer.BYTES
        + Long.BYTES
        + copy.object().name().text().length()
        + copy.bytes().remaining();
  }

  /** The number of bytes in memory and in the file. */
  int size() {
    return copies.values().stream().mapToInt(FolderCopies::length).sum();
  }

  /** The copy of exactly this object: a later one of the same name has another time or size. */
  Optional<ByteBuffer> find(StoredObject object) {
    return Optional.ofNullable(copies.get(object.name()))
        .filter(copy -> copy.object().equals(object))
        .map(copy -> copy.bytes().slice());
  }

  void keep(StoredObject object, ByteBuffer bytes) {
    copies.put(object.name(), new Copy(object, bytes, true));
    changed = true;
  }

  /** Removes a copy; returns whether an earlier process kept it. */
  boolean remove(ObjectName name) {
    Copy removed = copies.remove(name);
    changed |= removed != null;
    return removed != null && !removed.isNew();
  }

  /** Removes the copies of all other objects. */
  void retain(Map<ObjectName, StoredObject> listed) {
    changed |=
        copies
            .entrySet()
            .removeIf(copy -> !Objects.equals(copy.getValue().object(), listed.get(copy.getKey())));
  }

  /** Whether the file has something else. */
  boolean isChanged() {
    return changed;
  }
}
