package dev.keg.backup.repository;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * What a backup is called: when it began, to the second, and 32 random bits, such as {@code
 * 20261120T105801Z-3f9a1c2e}. Two machines that begin in the same second do not meet, and the
 * alphabet sorts by time.
 */
public record BackupId(String text) implements Comparable<BackupId> {
  private static final Pattern RULE = Pattern.compile("\\d{8}T\\d{6}Z-[0-9a-f]{8}");

  public BackupId {
    if (!RULE.matcher(text).matches()) {
      throw new IllegalArgumentException("no backup can be called '" + text + "'");
    }
    Stamp.parse(text.substring(0, Stamp.LENGTH));
  }

  public static BackupId next(Instant now, RandomGenerator random) {
    return new BackupId(Stamp.of(now) + "-" + HexFormat.of().toHexDigits(random.nextInt()));
  }

  /** The id, if the text is one. */
  public static Optional<BackupId> lookup(String text) {
    try {
      return Optional.of(new BackupId(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** When the backup began. */
  public Instant time() {
    return Stamp.parse(text.substring(0, Stamp.LENGTH));
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
