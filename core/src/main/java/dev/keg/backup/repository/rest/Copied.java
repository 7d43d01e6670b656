package dev.keg.backup.repository.rest;

import dev.keg.backup.store.ObjectName;
import java.util.Collection;
import java.util.Set;

/**
 * Objects of a backup that is about to be published, of which it needs perhaps more than any other
 * does. Until its record is there, nobody knows that.
 *
 * @param found those that were there, whole
 * @param copied those that came from another repository, perhaps beside what was left of them
 * @param known the tombstones and rests that there were when the copy began, or that it made
 */
public record Copied(Set<ObjectName> found, Set<ObjectName> copied, Set<ObjectName> known) {
  public Copied {
    found = Set.copyOf(found);
    copied = Set.copyOf(copied);
    known = Set.copyOf(known);
  }

  /** Nothing was copied. */
  public static Copied none(Collection<ObjectName> found) {
    return new Copied(Set.copyOf(found), Set.of(), Set.of());
  }
}
