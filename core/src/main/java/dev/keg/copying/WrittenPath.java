package dev.keg.copying;

/**
 * The parts of a path's notation that the file itself does not show.
 *
 * @param name its last name; empty for a root
 * @param directory whether it ends with a slash or a dot, and so must be a directory
 * @param content whether it ends with a dot or is a root, and so means the directory's content
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

  /** Gives a directory written as {@code ..} the name of its target; a root has none. */
  WrittenPath named(String actual) {
    return name.equals("..") ? new WrittenPath(actual, true, actual.isEmpty()) : this;
  }
}
