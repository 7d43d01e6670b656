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
 * What is known to be bad or missing of a volume's data. A new backup does not refer to it.
 *
 * @param objects ids of data objects that are of no use as a whole
 * @param frames where the bad frames and index pages of other objects begin, by the id of the
 *     object
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

  /** The damage of both: a backup that goes to several repositories needs what all of them have. */
  public Damages and(Damages other) {
    return new Damages(
        Stream.concat(objects.stream(), other.objects.stream()).collect(Collectors.toSet()),
        Stream.of(frames, other.frames)
            .flatMap(map -> map.entrySet().stream())
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Damages::union)));
  }

  /** Whether the object cannot be used at all. */
  public boolean isLost(ObjectName object) {
    return objects.contains(Rest.id(object));
  }

  /** Whether something of the object is bad, or it is of no use as a whole. */
  public boolean concerns(ObjectName object) {
    return isLost(object) || frames.containsKey(Rest.id(object));
  }

  /** Whether the frame or index page that begins there is bad. */
  public boolean concerns(ObjectName object, long frame) {
    return isLost(object)
        || frames.getOrDefault(Rest.id(object), Collections.emptySet()).contains(frame);
  }
}
