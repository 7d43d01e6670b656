package dev.keg.backup.repository;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.json.JsonDocument.InvalidDocument;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a run of {@code forget} left unreferenced, and since when by the store's clock.
 *
 * @param names the last segments of the data objects' names, which are unique because they hold an
 *     id; the folders may come back in another case from a disk that does not tell them apart
 * @param readable a tombstone that cannot be read is taken to name everything
 */
record Tombstone(ObjectName object, Instant stored, Set<String> names, boolean readable) {
  static List<Tombstone> all(ObjectStore store) throws StoreException {
    return Fetch.each(store.list(RepositoryLayout.FORGOTTEN), listed -> read(store, listed))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Tombstone> read(ObjectStore store, StoredObject listed)
      throws StoreException {
    try {
      Set<String> names =
          TombstoneFile.read(listed.name().text(), SmallObjects.read(store, listed)).stream()
              .map(ObjectName::last)
              .collect(Collectors.toUnmodifiableSet());
      return Optional.of(new Tombstone(listed.name(), listed.stored(), names, true));
    } catch (InvalidDocument _) {
      return Optional.of(new Tombstone(listed.name(), listed.stored(), Set.of(), false));
    } catch (StoreException.Absent _) {
      return Optional.empty();
    }
  }

  boolean covers(ObjectName data) {
    return !readable || names.contains(data.last());
  }

  boolean olderThan(Duration age, Instant now) {
    return stored.plus(age).isBefore(now);
  }
}
