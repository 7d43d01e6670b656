package dev.keg.mountspec;

import java.util.ArrayDeque;
import java.util.Deque;

/** Linux paths as text, as Go's {@code path} package treats them. */
final class LinuxPaths {
  private LinuxPaths() {}

  /** The shortest path that means the same, without looking at any file. */
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

  /** Whether a relative path stays where it begins; Go's {@code filepath.IsLocal}. */
  static boolean isLocal(String path) {
    if (path.isEmpty() || path.startsWith("/")) {
      return false;
    }
    String clean = clean(path);
    return !clean.equals("..") && !clean.startsWith("../");
  }
}
