package dev.keg.mountspec;

/** Whose paths a spec is written in; says nothing about where Keg runs. */
public enum Platform {
  LINUX,
  WINDOWS,
  /** Linux containers on a Windows host: sources are Windows paths, targets are Linux paths. */
  LINUX_ON_WINDOWS;

  /** Whether two paths in a container are the same one. */
  boolean sameTarget(String a, String b) {
    return this == WINDOWS ? a.equalsIgnoreCase(b) : a.equals(b);
  }
}
