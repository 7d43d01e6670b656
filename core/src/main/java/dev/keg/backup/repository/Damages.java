package dev.keg.backup.repository;

import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.store.ObjectName;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The known damage of a volume's data, which a new backup does not refer to.
 *
 * @param objects ids of data objects that are useless as a whole
 * @param frames the offsets of bad frames and index pages of other objects, by the id of the object
 */
public record Damages(Set<String> objects, Map<String, Set<Long>> frames) {
  public static final Damages NONE = new Damages(Set.of(), Map.of());

  public Damages {
    objects = Set.copyOf(objects);
    frames = Map.copyOf(frames);
  }

  static Damages of(Collection<String> objects, Collection<DamagedObject> partly) {
    return new Damages(
        Set.copyOf(objects),
        partly.stream()
            .collect(
                Collectors.toMap(
                    damage -> Rest.id(damage.object()), DamagedObject::frames, Damages::union)));
  }

  private static Set<Long> union(Set<Long> one, Set<Long> other) {
    return Stream.concat(one.stream(), other.stream()).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * The union of both damages: a backup in several repositories needs data that is sound in all of
   * them.
   */
  public Damages and(Damages other) {
    return new Damages(
        Stream.concat(objects.stream(), other.objects.stream()).collect(Collectors.toSet()),
        Stream.of(frames, other.frames)
            .flatMap(map -> map.entrySet().stream())
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Damages::union)));
  }

  public boolean isEmpty() {
    return objects.isEmpty() && frames.isEmpty();
  }

  /** Whether the object is useless as a whole. */
  public boolean isLost(ObjectName object) {
    return objects.contains(Rest.id(object));
  }

  /** Whether any part of the object is damaged. */
  public boolean concerns(ObjectName object) {
    return isLost(object) || frames.containsKey(Rest.id(object));
  }

  /** Whether the frame or index page at this offset is damaged. */
  public boolean concerns(ObjectName object, long frame) {
    return isLost(object)
        || frames.getOrDefault(Rest.id(object), Collections.emptySet()).contains(frame);
  }
}
