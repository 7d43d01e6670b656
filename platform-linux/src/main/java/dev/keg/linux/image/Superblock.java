package dev.keg.linux.image;

import dev.keg.disk.content.DataPartition;
import dev.keg.linux.kernel.LoopSettings;
import dev.keg.volume.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The file systems of disks, detected by their magic numbers. */
enum Superblock {
  EXT4("ext4", 1080, "S\u00ef"),
  XFS("xfs", 0, "XFSB"),
  BTRFS("btrfs", 65_600, "_BHRfS_M"),
  NTFS("ntfs3", 3, "NTFS    ");

  private final String type;
  private final long at;
  private final String magic;

  Superblock(String type, long at, String magic) {
    this.type = type;
    this.at = at;
    this.magic = magic;
  }

  /** The type for mount(2). */
  String type() {
    return type;
  }

  /**
   * A file system of a disk.
   *
   * @param at its offset in the file or device
   */
  record Found(Superblock kind, long at) {
    /** The part of the file or device that contains it. */
    LoopSettings.Window window(long start, Size disk) {
      Size size = at == start ? disk : DataPartition.of(disk);
      return new LoopSettings.Window(at, size.bytes());
    }
  }

  /**
   * Finds the file system of the disk that starts at this offset of a file or device: at its start,
   * or NTFS in its partition. Empty for other partition tables.
   */
  static Optional<Found> find(Path file, long start) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Optional<Found> whole = find(channel, start).map(kind -> new Found(kind, start));
      if (whole.isPresent() || !DataPartition.isOn(channel, start)) {
        return whole;
      }
      long partition = start + DataPartition.START;
      return find(channel, partition).filter(NTFS::equals).map(kind -> new Found(kind, partition));
    }
  }

  private static Optional<Superblock> find(FileChannel channel, long start) throws IOException {
    for (Superblock candidate : values()) {
      byte[] magic = candidate.magic.getBytes(StandardCharsets.ISO_8859_1);
      ByteBuffer found = ByteBuffer.allocate(magic.length);
      channel.read(found, start + candidate.at);
      if (found.flip().equals(ByteBuffer.wrap(magic))) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }
}
