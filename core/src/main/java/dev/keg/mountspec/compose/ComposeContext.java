package dev.keg.mountspec.compose;

import dev.keg.mountspec.MountSpecs;
import java.util.Map;

/** The context of a compose file: its project, its directory, and the rules of the platform. */
record ComposeContext(
    String project, String directory, Map<String, String> environment, MountSpecs specs) {

  /**
   * A path in the file, relative to the file's directory; {@code ~} is the home directory. A
   * Windows path in a file for Linux is passed on and refused later.
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
