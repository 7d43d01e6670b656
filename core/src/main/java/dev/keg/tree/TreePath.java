package dev.keg.tree;

/**
 * The path of a file in its tree: names joined by slashes, never empty, never {@code .} or {@code
 * ..}; the root is the path without names. Sorted in the order of a walk: a directory, then its
 * content, then its next sibling.
 */
public final class TreePath implements Comparable<TreePath> {
  public static final TreePath ROOT = new TreePath(ByteString.EMPTY);

  /** Linux's NAME_MAX. */
  public static final int MAX_NAME = 255;

  private static final byte SLASH = '/';

  private final ByteString bytes;

  private TreePath(ByteString bytes) {
    this.bytes = bytes;
  }

  /**
   * Parses a path in an archive's notation: a leading {@code ./}, doubled slashes and a trailing
   * slash have no meaning.
   *
   * @throws IllegalArgumentException with the reason why it is not a path inside a tree
   */
  public static TreePath parse(ByteString text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("an empty name");
    }
    if (text.at(0) == SLASH) {
      throw new IllegalArgumentException("an absolute name");
    }
    byte[] out = new byte[text.length()];
    int length = 0;
    int start = 0;
    while (start < text.length()) {
      int slash = text.indexOf(SLASH, start);
      int end = slash < 0 ? text.length() : slash;
      if (end > start && !(end == start + 1 && text.at(start) == '.')) {
        ByteString name = text.substring(start, end);
        checkName(name);
        if (length > 0) {
          out[length++] = SLASH;
        }
        name.copyInto(out, length);
        length += name.length();
      }
      start = end + 1;
    }
    return new TreePath(ByteString.of(out, 0, length));
  }

  /** For names given as text, as in tests and on command lines. */
  public static TreePath parse(String text) {
    return parse(ByteString.utf8(text));
  }

  private static void checkName(ByteString name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("an empty name");
    }
    if (name.length() == 1 && name.at(0) == '.') {
      throw new IllegalArgumentException("a name that is '.'");
    }
    if (name.length() == 2 && name.at(0) == '.' && name.at(1) == '.') {
      throw new IllegalArgumentException("a name with '..' in it");
    }
    if (name.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "a name of " + name.length() + " bytes, more than a file system takes");
    }
    if (name.indexOf((byte) 0) >= 0) {
      throw new IllegalArgumentException("a name with a NUL byte in it");
    }
  }

  public TreePath child(ByteString name) {
    checkName(name);
    if (name.indexOf(SLASH) >= 0) {
      throw new IllegalArgumentException("a name with a slash in it");
    }
    if (isRoot()) {
      return new TreePath(name);
    }
    byte[] joined = new byte[bytes.length() + 1 + name.length()];
    bytes.copyInto(joined, 0);
    joined[bytes.length()] = SLASH;
    name.copyInto(joined, bytes.length() + 1);
    return new TreePath(ByteString.of(joined));
  }

  /** This path followed by another one below it. */
  public TreePath resolve(TreePath below) {
    if (isRoot() || below.isRoot()) {
      return isRoot() ? below : this;
    }
    return new TreePath(bytes.plus(ByteString.of(SLASH)).plus(below.bytes));
  }

  /** The relative path from that directory, which must contain this one. */
  public TreePath below(TreePath directory) {
    if (directory.isRoot() || equals(directory)) {
      return directory.isRoot() ? this : ROOT;
    }
    return new TreePath(bytes.substring(directory.bytes.length() + 1, bytes.length()));
  }

  public boolean isRoot() {
    return bytes.isEmpty();
  }

  public ByteString bytes() {
    return bytes;
  }

  /** The directory that contains it. The root is its own parent. */
  public TreePath parent() {
    int slash = bytes.lastIndexOf(SLASH);
    return slash < 0 ? ROOT : new TreePath(bytes.substring(0, slash));
  }

  /** The last name; empty for the root. */
  public ByteString name() {
    return bytes.substring(bytes.lastIndexOf(SLASH) + 1, bytes.length());
  }

  /** The number of names. */
  public int depth() {
    int depth = isRoot() ? 0 : 1;
    for (int i = 0; i < bytes.length(); i++) {
      if (bytes.at(i) == SLASH) {
        depth++;
      }
    }
    return depth;
  }

  /** Whether it is that directory or below it. */
  public boolean isWithin(TreePath directory) {
    return directory.isRoot()
        || (bytes.startsWith(directory.bytes)
            && (bytes.length() == directory.bytes.length()
                || bytes.at(directory.bytes.length()) == SLASH));
  }

  @Override
  public int compareTo(TreePath other) {
    int common = bytes.commonPrefix(other.bytes);
    if (common == bytes.length() || common == other.bytes.length()) {
      return Integer.compare(bytes.length(), other.bytes.length());
    }
    return Integer.compare(rank(bytes.at(common)), rank(other.bytes.at(common)));
  }

  /** The slash ends a name, so it sorts before every byte that continues one. */
  private static int rank(byte b) {
    return b == SLASH ? 0 : b & 0xFF;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TreePath that && bytes.equals(that.bytes);
  }

  @Override
  public int hashCode() {
    return bytes.hashCode();
  }

  @Override
  public String toString() {
    return isRoot() ? "." : bytes.toString();
  }
}
