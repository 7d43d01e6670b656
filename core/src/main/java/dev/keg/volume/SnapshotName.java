package dev.keg.volume;

import dev.keg.error.InvalidInput.InvalidSnapshotName;
import java.util.Optional;
import java.util.regex.Pattern;

/** The name of a snapshot, unique within its volume. Sorted like names of volumes. */
public record SnapshotName(String text) implements Comparable<SnapshotName> {
  private static final Pattern GRAMMAR = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,99}");

  public SnapshotName {
    if (!GRAMMAR.matcher(text).matches()) {
      throw new InvalidSnapshotName(text);
    }
  }

  /** The name if the text is valid; an invalid text cannot be the name of an existing snapshot. */
  public static Optional<SnapshotName> lookup(String text) {
    return GRAMMAR.matcher(text).matches() ? Optional.of(new SnapshotName(text)) : Optional.empty();
  }

  @Override
  public int compareTo(SnapshotName other) {
    return NaturalOrder.compare(text, other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
