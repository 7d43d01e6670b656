package dev.keg.linux.image;

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
   * The file system of the disk that starts at this position of a file or device; empty for a
   * partition table.
   */
  static Optional<Superblock> find(Path file, long start) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
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
}
