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
 * The deletion of objects that a rest replaces. A backup in progress may need parts that the rest
 * lacks, because it builds on a forgotten backup: so the object stays for the grace period, and
 * such a backup is withdrawn after half of it.
 *
 * @param data the existing objects
 * @param needed the parts of some of them that backups need
 * @param sound reads a rest of an object, and checks that it has the needed parts
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
   * The objects and rests that have been replaced since a time by a rest with all needed parts.
   * Locked ones are left out, and no rest is read only for them.
   *
   * @param locked objects stored after this time are locked
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
