package dev.keg.render.hcs;

/** Windows paths as text, on any system. */
final class WindowsText {
  private WindowsText() {}

  /** Whether it is on a server. */
  static boolean isShare(String path) {
    return path.matches("(?s)[\\\\/]{2}[^.?].*");
  }

  private static int lastSeparator(String path) {
    return Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/'));
  }

  /** The part after the last separator. */
  static String name(String path) {
    return path.substring(lastSeparator(path) + 1);
  }

  /** The parent directory; the root of a drive ends with a separator. */
  static String directory(String path) {
    int end = lastSeparator(path);
    return end <= 2 ? path.substring(0, end + 1) : path.substring(0, end);
  }
}
