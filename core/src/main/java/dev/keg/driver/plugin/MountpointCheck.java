package dev.keg.driver.plugin;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Validates the mount point that a plugin reports. */
final class MountpointCheck {
  private MountpointCheck() {}

  /** The directory, without links. */
  static Path directory(String text, Path relativeTo) throws PluginException {
    if (text.isEmpty() || !PluginException.printable(text).equals(text)) {
      throw wrong(text, "is not a path");
    }
    Path path;
    try {
      path = relativeTo.getFileSystem().getPath(text);
    } catch (InvalidPathException _) {
      throw wrong(text, "is not a path");
    }
    if (!path.isAbsolute() || !path.normalize().equals(path) || path.getNameCount() == 0) {
      throw wrong(text, "is not an absolute path below /");
    }
    Path real = TrustedPath.ofDirectory(path);
    if (!Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS) || real.getNameCount() == 0) {
      throw wrong(text, "is not a directory");
    }
    return real;
  }

  private static PluginException wrong(String text, String why) {
    return PluginException.unusable("the plugin's mountpoint '%s' %s".formatted(text, why));
  }
}
