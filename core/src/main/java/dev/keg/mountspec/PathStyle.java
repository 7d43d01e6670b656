package dev.keg.mountspec;

import java.util.Locale;

/** The system whose paths a spec uses, whatever system Keg runs on. */
public enum PathStyle {
  LINUX,
  WINDOWS,
  /** Linux containers on a Windows host: sources are Windows paths, targets are Linux paths. */
  LINUX_ON_WINDOWS;

  /** A text that is equal for equal paths in a container. */
  String identity(String target) {
    return this == WINDOWS ? target.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT) : target;
  }
}
