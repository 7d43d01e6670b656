package dev.keg.backup.replica;

import dev.keg.backup.archive.ArchiveSources.Opener;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.repository.BackupFile;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.json.JsonDocument.InvalidDocument;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The record and the index of a backup that this host wrote and cannot read back. The index
 * consists of the archive ranges that reading it touches; in the file, they follow the record:
 *
 * <pre>
 * version  1 as four bytes
 * record   length in four bytes, then the content of {@code backups/VOLUME/ID.json}
 * ranges   until the end: length of the object's name in four bytes, the name, size of the object in
 *          eight bytes, offset of the range in eight, its length in four, its bytes
 * </pre>
 *
 * <p>Its content is checked against hashes as if it came from the repository.
 */
final class WrittenBackup implements Opener {
  private static final int VERSION = 1;

  private final BackupRecord record;
  private final Map<String, Ranges> objects = new HashMap<>();

  /** A range of an object of that size. */
  record Range(String object, long size, long offset, ByteBuffer bytes) {}

  private record Ranges(long size, NavigableMap<Long, ByteBuffer> bytes) {}

  private WrittenBackup(BackupRecord record) {
    this.record = record;
  }

  BackupRecord record() {
    return record;
  }

  static WrittenBackup read(String file, ByteBuffer in) throws InvalidDocument {
    try {
      if (in.getInt() != VERSION) {
        throw new InvalidDocument("it has another version");
      }
      WrittenBackup backup = new WrittenBackup(BackupFile.read(file, bytes(in)));
      while (in.hasRemaining()) {
        String object = new String(bytes(in), StandardCharsets.UTF_8);
        long size = in.getLong();
        long offset = in.getLong();
        backup
            .objects
            .computeIfAbsent(object, _ -> new Ranges(size, new TreeMap<>()))
            .bytes()
            .put(offset, slice(in));
      }
      return backup;
    } catch (BufferUnderflowException | IllegalArgumentException _) {
      throw new InvalidDocument("it is cut off");
    }
  }

  private static ByteBuffer slice(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer slice = in.slice(in.position(), length);
    in.position(in.position() + length);
    return slice;
  }

  private static byte[] bytes(ByteBuffer in) {
    ByteBuffer slice = slice(in);
    byte[] bytes = new byte[slice.remaining()];
    slice.get(bytes);
    return bytes;
  }

  static byte[] write(BackupRecord record, Collection<Range> ranges) {
    byte[] head = BackupFile.write(record);
    List<byte[]> names = new ArrayList<>();
    long size = 8L + head.length;
    for (Range range : ranges) {
      byte[] name = range.object().getBytes(StandardCharsets.UTF_8);
      names.add(name);
      size += 24L + name.length + range.bytes().remaining();
    }
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(size));
    out.putInt(VERSION).putInt(head.length).put(head);
    int number = 0;
    for (Range range : ranges) {
      byte[] name = names.get(number++);
      out.putInt(name.length).put(name).putLong(range.size()).putLong(range.offset());
      out.putInt(range.bytes().remaining()).put(range.bytes().duplicate());
    }
    return out.array();
  }

  @Override
  public RangeSource open(String object) {
    Ranges ranges = objects.get(object);
    if (ranges == null) {
      throw missing(object);
    }
    return new RangeSource() {
      @Override
      public long length() {
        return ranges.size();
      }

      @Override
      public void read(long offset, ByteBuffer into) {
        Map.Entry<Long, ByteBuffer> range = ranges.bytes().floorEntry(offset);
        long skipped = range == null ? 0 : offset - range.getKey();
        if (range == null || skipped + into.remaining() > range.getValue().remaining()) {
          throw missing(object);
        }
        into.put(range.getValue().slice((int) skipped, into.remaining()));
      }

      @Override
      public void close() {}
    };
  }

  private static InvalidArchive missing(String object) {
    return new InvalidArchive(object, "in this host's copy of its index", "it is missing");
  }
}
