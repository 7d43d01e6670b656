package dev.keg.volume;

import dev.keg.error.InvalidInput.InvalidName;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The name of a volume, by docker's rule for local volumes. Sorted like docker's lists: runs of
 * digits by their value, so that {@code v2} comes before {@code v10}.
 */
public record VolumeName(String text) implements Comparable<VolumeName> {
  public VolumeName {
    if (!isValid(text)) {
      throw new InvalidName(text, whyInvalid(text));
    }
  }

  /** The name of a new volume; an error names the operation. */
  public static VolumeName forNew(String operation, String text) {
    if (!isValid(text)) {
      throw new InvalidName(operation, text, whyInvalid(text));
    }
    return new VolumeName(text);
  }

  private static String whyInvalid(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length == 1
        ? "volume name is too short, names should be at least two alphanumeric characters"
        : "\"%s\" includes invalid characters for a local volume name, only"
                .formatted(escaped(text))
            + " \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host"
            + " directory, use absolute path";
  }

  // In docker's notation.
  private static String escaped(String text) {
    return text.replace("\\", "\\\\")
        .replace("\"", "\\\"")
        .replace("\n", "\\n")
        .replace("\t", "\\t");
  }

  /** The name if the text is valid; an invalid text cannot be the name of an existing volume. */
  public static Optional<VolumeName> lookup(String text) {
    return isValid(text) ? Optional.of(new VolumeName(text)) : Optional.empty();
  }

  /** {@code [a-zA-Z0-9][a-zA-Z0-9_.-]+}, without a regular expression: lists check every name. */
  private static boolean isValid(String text) {
    if (text.length() < 2 || "_.-".indexOf(text.charAt(0)) >= 0) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && (c < '0' || c > '9') && "_.-".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /** The texts in docker's order, including those that are not valid names. */
  public static List<String> inOrder(Collection<String> texts) {
    return NaturalOrder.sort(texts);
  }

  /** A name for an anonymous volume: 64 hexadecimal digits. */
  public static VolumeName anonymous(RandomGenerator random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return new VolumeName(HexFormat.of().formatHex(bytes));
  }

  // Written out: Java makes those of a record when they are first called, which takes milliseconds.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VolumeName name && text.equals(name.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public int compareTo(VolumeName other) {
    return NaturalOrder.compare(text, other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
