package dev.keg.volume;

import dev.keg.error.InvalidInput.InvalidPoolName;
import java.util.regex.Pattern;

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

  @Override
  public int compareTo(PoolName other) {
    return NaturalOrder.compare(text, other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
