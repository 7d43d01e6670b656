package dev.keg.backup.repository;

import dev.keg.backup.store.ObjectName;

/** An index that cannot be understood; the backup may be whole, but nobody can tell what it is. */
public record Damage(ObjectName index, String why) {
  @Override
  public String toString() {
    return index + ": " + why;
  }
}
