package dev.keg.backup.repository.rest;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The end of objects in whose place there is a rest. A backup that is being made may need parts
 * that are not in the rest, because it builds on a backup that was forgotten: so the object stays
 * for the grace period, and such a backup is withdrawn after half of it.
 *
 * @param data the objects that are there
 * @param needed the parts of some of them that backups need
 * @param sound reads a rest of an object, and says whether it has what is needed
 */
public record Retirement(
    ObjectStore store,
    List<StoredObject> data,
    Map<ObjectName, Needed> needed,
    BiPredicate<ObjectName, Rest> sound) {
  public Retirement {
    data = List.copyOf(data);
    needed = Map.copyOf(needed);
  }

  /**
   * Which objects and rests have a rest in their place that is older than a time and has all that
   * is needed. What a lock keeps is left out, and no rest is read for it alone.
   *
   * @param locked what was stored later is kept by the lock of the store
   */
  public List<StoredObject> replaced(Instant settled, Instant locked) throws StoreException {
    Set<String> ids =
        store.list(Rest.FOLDER).stream()
            .map(rest -> Rest.id(rest.name()))
            .collect(Collectors.toSet());
    List<StoredObject> replaced = new ArrayList<>();
    for (Map.Entry<ObjectName, Needed> entry : needed.entrySet()) {
      if (ids.contains(Rest.id(entry.getKey()))) {
        replaced.addAll(replaced(entry.getKey(), entry.getValue(), settled, locked));
      }
    }
    return replaced;
  }

  private List<StoredObject> replaced(
      ObjectName object, Needed parts, Instant settled, Instant locked) throws StoreException {
    List<Rest> rests = Rest.of(store, object);
    for (int i = 0; i < rests.size(); i++) {
      Rest successor = rests.get(i);
      if (successor.succeedsWith(parts) && successor.object().stored().isBefore(settled)) {
        List<StoredObject> replaced =
            Stream.concat(
                    data.stream().filter(stored -> stored.name().equals(object)),
                    rests.stream().skip(i + 1L).map(Rest::object))
                .filter(stored -> !stored.stored().isAfter(locked))
                .toList();
        if (replaced.isEmpty() || sound.test(object, successor)) {
          return replaced;
        }
      }
    }
    return List.of();
  }
}
