package dev.keg.disk;

import java.util.Locale;

/** How an image takes up its space. */
public enum DiskKind {
  /** All of it from the beginning. */
  FIXED,
  /** Block by block, as they are first written. */
  DYNAMIC,
  /** Like dynamic; what was never written is read from a parent. */
  DIFFERENCING;

  /** As users write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
