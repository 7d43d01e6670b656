package dev.keg.windows.win32;

/** A volume's own name, {@code \\?\Volume{…}\}: the same whenever and wherever it is attached. */
public record VolumeId(String path) {
  /** Without the last backslash it is the volume as a device, with it its root directory. */
  String device() {
    return path.substring(0, path.length() - 1);
  }
}
