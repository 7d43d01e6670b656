package dev.keg.volume;

import dev.keg.error.InvalidInput.InvalidPoolName;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The name of a pool; the root itself is the pool named {@code default}. */
public record PoolName(String text) implements Comparable<PoolName> {
  private static final Pattern GRAMMAR = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}");

  /** The root's own directory. */
  public static final PoolName DEFAULT = new PoolName("default");

  public PoolName {
    if (!GRAMMAR.matcher(text).matches()) {
      throw new InvalidPoolName(text);
    }
  }

  /** Whether this is the root's own directory. */
  public boolean isDefault() {
    return text.equals(DEFAULT.text);
  }

  // Written out: Java makes those of a record when they are first called, which takes milliseconds.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PoolName name && text.equals(name.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public int compareTo(PoolName other) {
    return NaturalOrder.compare(text, other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
