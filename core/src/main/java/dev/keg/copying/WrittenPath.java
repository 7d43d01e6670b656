package dev.keg.copying;

/**
 * What a path says beside the file it leads to.
 *
 * @param name its last name; empty for a root
 * @param directory whether it ends in a slash or a dot, and so must be a directory
 * @param content whether it ends in a dot, or is a root: not the directory, but what is in it
 */
record WrittenPath(String name, boolean directory, boolean content) {
  static WrittenPath of(String text, String separator) {
    String path = text.replace(separator, "/");
    String stripped = path.replaceAll("/+$", "");
    String name = stripped.substring(stripped.lastIndexOf('/') + 1);
    boolean content = name.equals(".") || name.isEmpty();
    boolean directory = content || name.equals("..") || stripped.length() < path.length();
    return new WrittenPath(content ? "" : name, directory, content);
  }

  /** A directory that is written as {@code ..} has the name of what it leads to; none at a root. */
  WrittenPath named(String actual) {
    return name.equals("..") ? new WrittenPath(actual, true, actual.isEmpty()) : this;
  }
}
