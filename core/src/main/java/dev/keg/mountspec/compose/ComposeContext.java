package dev.keg.mountspec.compose;

import dev.keg.mountspec.MountSpecs;
import java.util.Map;

/** Where a compose file is read: its project, its directory, and the rules of the platform. */
record ComposeContext(
    String project, String directory, Map<String, String> environment, MountSpecs specs) {

  /**
   * A path of the file, from the file's directory; {@code ~} is the home directory. A Windows path
   * in a file for Linux is left to be refused.
   */
  String absolute(String path) {
    if (path.matches("(?s)[a-zA-Z]:[\\\\/].*|\\\\\\\\.*")) {
      return path;
    }
    if (!path.startsWith("~")) {
      return specs.absolute(path, directory);
    }
    String home = environment.getOrDefault("HOME", environment.getOrDefault("USERPROFILE", ""));
    return home.isEmpty() ? path : home + path.substring(1);
  }
}
