package dev.keg.volume;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** The id of a volume: a UUID that stays when the volume is renamed. */
public record VolumeId(UUID value) {
  /** The minimum number of characters that may stand for a whole id. */
  public static final int SHORTEST_PREFIX = 8;

  private static final String SHAPE = "00000000-0000-0000-0000-000000000000";
  private static final long VERSION_BITS = 0xF000L;
  private static final long VARIANT_BITS = 0xC000_0000_0000_0000L;

  public static VolumeId parse(String text) {
    if (text.length() != SHAPE.length() || !isPrefix(text)) {
      throw new IllegalArgumentException("\"" + text + "\" is not a UUID");
    }
    return new VolumeId(UUID.fromString(text));
  }

  /** A new random id. */
  public static VolumeId random(RandomGenerator random) {
    return of(random.nextLong(), random.nextLong(), 4);
  }

  /**
   * The id of a volume whose description has none, since an older version wrote it: always the same
   * until the description is written again, which stores it. Computed by hand because the JDK's
   * digests take longer to load than a list of volumes.
   */
  static VolumeId derived(VolumeName name, Instant created) {
    long high = mixed(created.getEpochSecond() * 1_000_000_000 + created.getNano());
    long low = mixed(high + name.text().length());
    for (int i = 0; i < name.text().length(); i++) {
      high = mixed(high ^ name.text().charAt(i));
      low = mixed(low + name.text().charAt(i));
    }
    return of(high, low, 8);
  }

  /**
   * The finalizer of SplittableRandom, in which each input bit changes about half of the output
   * bits.
   */
  private static long mixed(long value) {
    long z = value + 0x9E37_79B9_7F4A_7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }

  /** RFC 9562: version 4 is random, version 8 is custom. */
  private static VolumeId of(long high, long low, long version) {
    return new VolumeId(
        new UUID((high & ~VERSION_BITS) | (version << 12), (low & ~VARIANT_BITS) | Long.MIN_VALUE));
  }

  /** The beginning of an id, in lower case, if the text can be one. */
  public static Optional<String> prefix(String text) {
    boolean possible =
        text.length() >= SHORTEST_PREFIX && text.length() <= SHAPE.length() && isPrefix(text);
    return possible ? Optional.of(text.toLowerCase(Locale.ROOT)) : Optional.empty();
  }

  private static boolean isPrefix(String text) {
    for (int i = 0; i < text.length(); i++) {
      boolean dash = SHAPE.charAt(i) == '-';
      if (dash ? text.charAt(i) != '-' : !HexFormat.isHexDigit(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  public String text() {
    return value.toString();
  }

  @Override
  public String toString() {
    return text();
  }
}
