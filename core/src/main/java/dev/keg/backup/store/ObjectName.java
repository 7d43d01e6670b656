package dev.keg.backup.store;

import java.util.Optional;

/**
 * The name of an object: segments joined by slashes, of letters, digits, dots, dashes and
 * underscores, none beginning with a dot or dash. Such a name is valid and unambiguous as a file's
 * path on every system, as a key of every object store and as a word of a shell.
 */
public record ObjectName(String text) implements Comparable<ObjectName> {
  private static final int LONGEST = 900;

  public ObjectName {
    if (!isValid(text)) {
      throw new IllegalArgumentException("no object can be named '" + text + "'");
    }
  }

  /**
   * The name, if the text is one; other files at a repository's location belong to somebody else.
   */
  public static Optional<ObjectName> lookup(String text) {
    return isValid(text) ? Optional.of(new ObjectName(text)) : Optional.empty();
  }

  /**
   * Without a regular expression, since names are checked often and a large repository has hundreds
   * of thousands.
   */
  private static boolean isValid(String text) {
    boolean begins = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((begins || ".-/".indexOf(c) < 0) && !isInWords(c)) {
        return false;
      }
      begins = c == '/';
    }
    return !begins && text.length() <= LONGEST;
  }

  private static boolean isInWords(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  /** The last segment. */
  public String last() {
    return text.substring(text.lastIndexOf('/') + 1);
  }

  @Override
  public int compareTo(ObjectName other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
