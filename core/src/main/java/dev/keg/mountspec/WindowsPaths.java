package dev.keg.mountspec;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.volume.GoSyntax;
import dev.keg.volume.WindowsNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Windows paths, volume names and pipes as text, by docker's regular expressions. Nested
 * repetitions are replaced by a look-ahead, which takes linear time. All but {@link #isPipe} expect
 * lower case.
 */
final class WindowsPaths {
  private static final String OTHER = "[^:*?\"<>\\r\\n]";
  private static final String HOST = "[^:*?\"<>|\\r\\n]";
  private static final String DRIVE = "(?:\\\\\\\\\\?\\\\)?[a-z]:";

  static final String HOST_DIRECTORY = DRIVE + "(?!" + HOST + "*[\\\\/]{2})[\\\\/]" + HOST + "*+";
  static final String NAME = "[^\\\\/:*?\"<>|\\r\\n]++";

  /** A share of a server, or a directory in it. Docker does not accept them. */
  static final String SHARE =
      "[/\\\\]{2}(?![.?][/\\\\])" + NAME + "[/\\\\]" + NAME + "(?:[/\\\\]" + HOST + "*+)?";

  static final String PIPE = "[/\\\\]{2}.[/\\\\]pipe[/\\\\]" + HOST + "++";
  static final String DIRECTORY = DRIVE + "(?!" + OTHER + "*[\\\\/]{2})(?:[\\\\/]" + OTHER + "*+)?";
  static final String LINUX_PATH = "(?![^\\\\:*?\"<>\\r\\n]*//)/[^\\\\:*?\"<>\\r\\n]*+";

  private static final Pattern IS_NAME = Pattern.compile(NAME);
  private static final Pattern IS_HOST_DIRECTORY = Pattern.compile(HOST_DIRECTORY);
  private static final Pattern IS_SHARE = Pattern.compile(SHARE);
  private static final Pattern IS_TARGET = Pattern.compile(DIRECTORY + "|" + PIPE);
  private static final Pattern IS_LINUX_PATH = Pattern.compile(LINUX_PATH);

  private WindowsPaths() {}

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static String backslashes(String path) {
    return path.replace('/', '\\');
  }

  static boolean isHostDirectory(String path) {
    return IS_HOST_DIRECTORY.matcher(path).matches();
  }

  static boolean isShare(String path) {
    return IS_SHARE.matcher(path).matches();
  }

  static boolean isTarget(String path) {
    return IS_TARGET.matcher(path).matches();
  }

  static boolean isLinuxPath(String path) {
    return IS_LINUX_PATH.matcher(path).matches();
  }

  static boolean isName(String text) {
    return IS_NAME.matcher(text).matches();
  }

  /** The names that Windows reserves for devices. */
  static void refuseReserved(String name) {
    if (WindowsNames.isDevice(name)) {
      throw new InvalidSpec(
          "volume name "
              + GoSyntax.quote(name)
              + " cannot be a reserved word for Windows filenames");
    }
  }

  static boolean isPipe(String path) {
    return path.startsWith("\\\\.\\pipe\\");
  }

  /** Without a trailing separator, except for the root of a drive. */
  static String trimmed(String path) {
    return path.length() > 3 && path.endsWith("\\") ? path.substring(0, path.length() - 1) : path;
  }

  static boolean isAbsolute(String path) {
    return path.matches("(?s)[a-zA-Z]:(?:[\\\\/].*)?|[\\\\/]{2}.*");
  }

  /** The path below an absolute directory, without dots. */
  static String absolute(String path, String base) {
    String root = base.length() > 2 ? base.substring(0, 3) : base + "\\";
    List<String> parts = new ArrayList<>();
    for (String part :
        (base.substring(Math.min(3, base.length())) + "\\" + path).split("[\\\\/]", -1)) {
      if (part.equals("..")) {
        if (!parts.isEmpty()) {
          parts.removeLast();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return root + String.join("\\", parts);
  }

  /** Why Windows cannot have a directory of this path; empty if it can. */
  static Optional<String> whyUnusable(String path) {
    return Stream.of(path.split("[\\\\/]", -1))
        .filter(part -> !part.equals(".") && !part.equals(".."))
        .flatMap(part -> WindowsNames.whyUnusable(part).map(why -> part + ": " + why).stream())
        .findFirst();
  }

  /** Whether a relative path does not leave its directory and names no drive, stream or device. */
  static boolean isLocal(String path) {
    if (path.contains(":") || !LinuxPaths.isLocal(path.replace('\\', '/'))) {
      return false;
    }
    return whyUnusable(path).isEmpty();
  }
}
