package dev.keg.windows.win32;

import dev.keg.disk.Disk;
import dev.keg.disk.DiskChain;
import dev.keg.windows.win32.dll.WinIoCtl;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/** The content of a virtual disk, in addition to the bytes that are really in its file. */
final class FakeDisk {
  private static final int[] HEADERS_AT = {0x10000, 0x20000};
  private static final int DATA_WRITE_GUID = 32;
  private static final int VIRTUAL_DISK_SIZE_AT = 0x210008;

  boolean partitionTable;
  final List<FakeVolume> volumes = new ArrayList<>();
  int sectorSize = 512;

  /** The volume with the data; a disk may have others that belong to Windows. */
  Optional<FakeVolume> data() {
    return volumes.stream()
        .filter(volume -> volume.type.equals(WinIoCtl.PARTITION_BASIC_DATA_GUID))
        .max(Comparator.comparingLong(volume -> volume.length));
  }

  /** For Windows, a write to a parent disk invalidates its children. */
  static void written(Path file) throws IOException {
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      for (int at : HEADERS_AT) {
        byte[] header = new byte[4096];
        raw.seek(at);
        raw.readFully(header);
        ByteBuffer bytes = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(DATA_WRITE_GUID, UUID.randomUUID().getLeastSignificantBits());
        bytes.putInt(4, 0);
        CRC32C crc = new CRC32C();
        crc.update(header);
        bytes.putInt(4, (int) crc.getValue());
        raw.seek(at);
        raw.write(header);
      }
    }
  }

  static void resize(Path file, long size) throws IOException {
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.seek(VIRTUAL_DISK_SIZE_AT);
      raw.writeLong(Long.reverseBytes(size));
    }
  }

  static UUID identity(Path file) throws IOException {
    return Disk.of(file).identity().orElseThrow();
  }

  static long size(Path file) throws IOException {
    return DiskChain.of(file).top().size().bytes();
  }
}
