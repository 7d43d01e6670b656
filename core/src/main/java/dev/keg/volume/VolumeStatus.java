package dev.keg.volume;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether somebody holds a volume. */
public enum VolumeStatus {
  /** Nobody holds it. */
  AVAILABLE("available"),
  /** Its data is only in a repository. */
  ARCHIVED("archived"),
  /** It is attached to a virtual machine. */
  ATTACHED("attached"),
  /** It is mounted. */
  IN_USE("in-use"),
  /** Its data is missing. */
  MISSING("missing");

  private final String word;

  VolumeStatus(String word) {
    this.word = word;
  }

  /** Its text in filters and tables. */
  public String word() {
    return word;
  }

  /** The status of a volume with such holders: the strongest one. */
  public static VolumeStatus of(Stream<VolumeStatus> holders) {
    return holders.max(Comparator.naturalOrder()).orElse(AVAILABLE);
  }

  public static Optional<VolumeStatus> of(String word) {
    return Arrays.stream(values()).filter(status -> status.word.equals(word)).findFirst();
  }
}
