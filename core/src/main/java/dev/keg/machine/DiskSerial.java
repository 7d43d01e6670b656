package dev.keg.machine;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The serial number of a volume's disk, by which a machine finds it: {@code
 * /dev/disk/by-id/virtio-SERIAL}.
 */
public final class DiskSerial {
  /** What virtio-blk hands on of a serial number. */
  private static final int LONGEST = 20;

  private static final int SUM = 9;
  // Not with a dot, from which cloud-init takes what follows for the number of a partition, nor
  // with the ending that udev gives to the links of partitions.
  private static final Pattern PLAIN = Pattern.compile("(?!.*-part[0-9]+$)[a-zA-Z0-9_-]+");

  private DiskSerial() {}

  /** The name, or its beginning and a checksum where a machine could confuse it with another. */
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
