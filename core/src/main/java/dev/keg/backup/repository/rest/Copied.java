package dev.keg.backup.repository.rest;

import dev.keg.backup.store.ObjectName;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Objects of a backup that is about to be published, of which it may need parts that no other
 * backup does. Nobody knows that until its record exists.
 *
 * @param found objects that already existed, whole
 * @param copied objects from another repository, and what the backup reads of each here: the object
 *     itself, or rests and patches
 * @param known the tombstones that existed when the copy began, and rests that have all that the
 *     backup needs
 */
public record Copied(
    Set<ObjectName> found, Map<ObjectName, Set<ObjectName>> copied, Set<ObjectName> known) {
  public Copied {
    found = Set.copyOf(found);
    Map<ObjectName, Set<ObjectName>> places = new HashMap<>();
    copied.forEach((object, parts) -> places.put(object, Set.copyOf(parts)));
    copied = Map.copyOf(places);
    known = Set.copyOf(known);
  }

  public boolean isEmpty() {
    return found.isEmpty() && copied.isEmpty();
  }

  /** Nothing was copied. */
  public static Copied none(Collection<ObjectName> found) {
    return new Copied(Set.copyOf(found), Map.of(), Set.of());
  }

  /**
   * The objects of a backup whose record is written again.
   *
   * @param known the tombstones and rests that existed before it was forgotten
   */
  public static Copied again(Collection<ObjectName> objects, Set<ObjectName> known) {
    Map<ObjectName, Set<ObjectName>> places = new HashMap<>();
    objects.forEach(object -> places.put(object, Set.of()));
    return new Copied(Set.of(), places, known);
  }
}
