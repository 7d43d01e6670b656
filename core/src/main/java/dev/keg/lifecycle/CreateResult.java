package dev.keg.lifecycle;

import dev.keg.volume.PoolName;
import dev.keg.volume.Protection;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeDetails;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The result of a request to create a volume.
 *
 * @param differences how an existing volume differs from the request; empty for a new one
 */
public record CreateResult(Volume volume, boolean existed, List<String> differences) {
  public CreateResult {
    differences = List.copyOf(differences);
  }

  static CreateResult made(Volume volume) {
    return new CreateResult(volume, false, List.of());
  }

  static CreateResult found(Volume volume, PoolName pool, VolumeRequest request) {
    List<String> differences = new ArrayList<>();
    compare("option", volume.options().map(), request.options().map(), differences);
    compare("label", volume.labels().map(), request.labels().map(), differences);
    compare(volume.details(), request, differences);
    if (request.pool().filter(wanted -> !wanted.equals(pool)).isPresent()) {
      differences.add("it is in pool " + pool);
    }
    return new CreateResult(volume, true, differences);
  }

  private static void compare(
      VolumeDetails details, VolumeRequest request, List<String> differences) {
    if (!request.description().isEmpty() && !request.description().equals(details.description())) {
      differences.add("it has another description");
    }
    boolean wanted = !request.protection().equals(Protection.none());
    if (wanted && !request.protection().equals(details.protection())) {
      differences.add("it is not protected as requested");
    }
  }

  // The values of options may be secret, so only their names are shown.
  private static void compare(
      String what,
      SortedMap<String, String> existing,
      SortedMap<String, String> requested,
      List<String> differences) {
    SortedSet<String> keys = new TreeSet<>(existing.keySet());
    keys.addAll(requested.keySet());
    for (String key : keys) {
      if (!requested.containsKey(key)) {
        differences.add("it has %s %s, which was not requested".formatted(what, key));
      } else if (!existing.containsKey(key)) {
        differences.add("it lacks %s %s".formatted(what, key));
      } else if (!existing.get(key).equals(requested.get(key))) {
        differences.add("its %s %s has another value".formatted(what, key));
      }
    }
  }
}
