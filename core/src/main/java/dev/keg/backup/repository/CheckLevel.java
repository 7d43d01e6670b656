package dev.keg.backup.repository;

import java.util.Locale;

/** How closely a backup was looked at; each level covers those before it. */
public enum CheckLevel {
  /** The index is readable and the objects are there in their size. */
  QUICK,
  /** All data was read and is what it was. */
  FULL,
  /** It was restored and compared. */
  DEEP;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
