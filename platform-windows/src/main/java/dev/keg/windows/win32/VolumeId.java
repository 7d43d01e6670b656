package dev.keg.windows.win32;

/**
 * The name of a volume, {@code \\?\Volume{…}\}, which stays the same wherever the volume is
 * mounted.
 */
public record VolumeId(String path) {
  /** The name of the device. With a backslash at the end it would be the root directory. */
  String device() {
    return path.substring(0, path.length() - 1);
  }
}
