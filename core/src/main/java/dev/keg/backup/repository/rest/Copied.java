package dev.keg.backup.repository.rest;

import dev.keg.backup.store.ObjectName;
import java.util.Collection;
import java.util.Set;

/**
 * Objects of a backup that is about to be published, of which it may need parts that no other
 * backup does. Nobody knows that until its record exists.
 *
 * @param found objects that already existed, whole
 * @param copied objects from another repository, possibly beside rests of them
 * @param known the tombstones and rests that existed when the copy began, or that it created
 */
public record Copied(Set<ObjectName> found, Set<ObjectName> copied, Set<ObjectName> known) {
  public Copied {
    found = Set.copyOf(found);
    copied = Set.copyOf(copied);
    known = Set.copyOf(known);
  }

  public boolean isEmpty() {
    return found.isEmpty() && copied.isEmpty();
  }

  /** Nothing was copied. */
  public static Copied none(Collection<ObjectName> found) {
    return new Copied(Set.copyOf(found), Set.of(), Set.of());
  }
}
