package dev.keg.mountspec;

import java.util.ArrayDeque;
import java.util.Deque;

/** Linux paths as text, with the rules of Go's {@code path} package. */
final class LinuxPaths {
  private LinuxPaths() {}

  /** The shortest equivalent path, without looking at any file. */
  static String clean(String path) {
    boolean rooted = path.startsWith("/");
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (!part.equals("..")) {
        parts.addLast(part);
      } else if (!parts.isEmpty() && !parts.getLast().equals("..")) {
        parts.removeLast();
      } else if (!rooted) {
        parts.addLast(part);
      }
    }
    String joined = String.join("/", parts);
    return rooted ? "/" + joined : joined.isEmpty() ? "." : joined;
  }

  static String absolute(String path, String base) {
    return clean(path.startsWith("/") ? path : base + "/" + path);
  }

  /** Whether a relative path does not leave its directory; Go's {@code filepath.IsLocal}. */
  static boolean isLocal(String path) {
    if (path.isEmpty() || path.startsWith("/")) {
      return false;
    }
    String clean = clean(path);
    return !clean.equals("..") && !clean.startsWith("../");
  }
}
