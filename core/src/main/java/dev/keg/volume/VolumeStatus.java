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

  private final String text;

  VolumeStatus(String text) {
    this.text = text;
  }

  /** Its text in filters and tables. */
  public String text() {
    return text;
  }

  /** The status of a volume with such holders: the strongest one. */
  public static VolumeStatus of(Stream<VolumeStatus> holders) {
    return holders.max(Comparator.naturalOrder()).orElse(AVAILABLE);
  }

  public static Optional<VolumeStatus> of(String text) {
    return Arrays.stream(values()).filter(status -> status.text.equals(text)).findFirst();
  }
}
