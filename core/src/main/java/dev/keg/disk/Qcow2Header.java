package dev.keg.disk;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The facts that only qcow2 images have; big-endian, the cluster bits at 20, the crypt method at 32
 * and the number of internal snapshots at 60. See {@link Qcow2Reader}.
 *
 * @param backing the name of the backing file as written in the header
 */
public record Qcow2Header(
    int clusterSize, boolean encrypted, int snapshots, Optional<String> backing) {
  private static final int LENGTH = 72;

  /** Reads the header of an image that {@link Disk} has checked. */
  public static Qcow2Header of(Path file) throws IOException {
    var disk = Disk.of(file, DiskFormat.QCOW2);
    try (ImageFile image = ImageFile.open(file)) {
      var header = image.read(0, LENGTH).order(ByteOrder.BIG_ENDIAN);
      return new Qcow2Header(
          1 << header.getInt(20),
          header.getInt(32) != 0,
          header.getInt(60),
          disk.parent().isEmpty()
              ? Optional.empty()
              : Optional.of(name(image, header.getLong(8), header.getInt(16))));
    }
  }

  private static String name(ImageFile image, long at, int length) throws IOException {
    return StandardCharsets.UTF_8.decode(image.read(at, length)).toString();
  }
}
