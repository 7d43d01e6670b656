package dev.keg.mountspec;

import java.util.Locale;

/** Whose paths a spec is written in; says nothing about where Keg runs. */
public enum PathStyle {
  LINUX,
  WINDOWS,
  /** Linux containers on a Windows host: sources are Windows paths, targets are Linux paths. */
  LINUX_ON_WINDOWS;

  /** What two paths in a container have in common if they are the same one. */
  String identity(String target) {
    return this == WINDOWS ? target.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT) : target;
  }
}
