package dev.keg.machine;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The serial number of a volume's disk, by which a machine finds it: {@code
 * /dev/disk/by-id/virtio-SERIAL}.
 */
public final class DiskSerial {
  /** The length to which virtio-blk truncates a serial number. */
  private static final int LONGEST = 20;

  private static final int SUM = 9;
  // No dot, since cloud-init reads what follows it as a partition number, and no suffix that udev
  // uses in the links of partitions.
  private static final Pattern PLAIN = Pattern.compile("(?!.*-part[0-9]+$)[a-zA-Z0-9_-]+");

  private DiskSerial() {}

  /** The name, or a prefix with a checksum if a machine could confuse it with another. */
  public static String of(String volume) {
    if (volume.length() <= LONGEST && PLAIN.matcher(volume).matches()) {
      return volume;
    }
    CRC32 sum = new CRC32();
    sum.update(volume.getBytes(StandardCharsets.UTF_8));
    String beginning = volume.substring(0, Math.min(volume.length(), LONGEST - SUM));
    return "%s-%08x".formatted(beginning.replace('.', '_'), sum.getValue());
  }
}
