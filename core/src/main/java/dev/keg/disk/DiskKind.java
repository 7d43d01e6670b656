package dev.keg.disk;

import java.util.Locale;

/** When an image takes up its space. */
public enum DiskKind {
  /** All of it from the start. */
  FIXED,
  /** Block by block, at the first write. */
  DYNAMIC,
  /** Like dynamic; blocks that were never written are read from a parent. */
  DIFFERENCING;

  /** Its name in options. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
