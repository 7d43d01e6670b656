package dev.keg.backup.repository;

import dev.keg.backup.repository.RepositoryLayout.Stamp;
import dev.keg.backup.retention.RestorePoint;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a backup, such as {@code 20261120T105801Z-3f9a1c2e}: the second in which it began,
 * the 4096th of that second, and 20 random bits. Two machines that begin at the same time get
 * different names, and alphabetical order is the order in time.
 */
public record BackupId(String text) implements Comparable<BackupId> {
  private static final int FRACTION_BITS = 12;
  private static final int RANDOM_BITS = Integer.SIZE - FRACTION_BITS;
  private static final Pattern RULE = Pattern.compile("\\d{8}T\\d{6}Z-[0-9a-f]{8}");

  public BackupId {
    if (!RULE.matcher(text).matches()) {
      throw new IllegalArgumentException("no backup can be called '" + text + "'");
    }
    Stamp.parse(text.substring(0, Stamp.LENGTH));
  }

  public static BackupId next(Instant now, RandomGenerator random) {
    int fraction =
        (int) ((now.getLong(ChronoField.NANO_OF_SECOND) << FRACTION_BITS) / 1_000_000_000);
    int last = fraction << RANDOM_BITS | random.nextInt(1 << RANDOM_BITS);
    return new BackupId(Stamp.of(now) + "-" + HexFormat.of().toHexDigits(last));
  }

  /** Another id for the same moment. */
  public BackupId beside(RandomGenerator random) {
    int digits = RANDOM_BITS / 4;
    String last = HexFormat.of().toHexDigits(random.nextInt(1 << RANDOM_BITS), digits);
    return new BackupId(text.substring(0, text.length() - digits) + last);
  }

  /** The id, if the text is one. */
  public static Optional<BackupId> lookup(String text) {
    try {
      return Optional.of(new BackupId(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** When the backup began, to the second. */
  public Instant time() {
    return Stamp.parse(text.substring(0, Stamp.LENGTH));
  }

  /** Whether the clock was ahead when the backup was made. */
  public boolean isAhead(Instant now) {
    return RestorePoint.isAhead(time(), now);
  }

  // Written out: Java makes those of a record when they are first called, which takes milliseconds.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BackupId id && text.equals(id.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public int compareTo(BackupId other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
