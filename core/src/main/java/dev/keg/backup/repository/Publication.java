package dev.keg.backup.repository;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.error.BackupException.BackupWithdrawn;
import dev.keg.volume.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes a backup exist, and takes it back if its data was about to be deleted while it was made.
 * The order of the looks is half of a protocol; the package's page has the whole.
 */
final class Publication {
  private final ObjectStore store;
  private final Duration alarm;
  private final Collection<BackupRecord> bases;

  /** Half the grace: who deletes may have looked at the indexes some time before it deletes. */
  Publication(ObjectStore store, Duration grace, Collection<BackupRecord> bases) {
    this.store = store;
    this.bases = List.copyOf(bases);
    this.alarm = grace.dividedBy(2);
  }

  void publish(BackupRecord backup) throws StoreException {
    ObjectName index = RepositoryLayout.index(backup.volume().name(), backup.id());
    SmallObjects.write(store, index, BackupFile.write(backup));
    try {
      requireLasting(backup, index);
    } catch (StoreException | BackupWithdrawn e) {
      withdraw(index, e);
      throw e;
    }
  }

  private void withdraw(ObjectName index, Exception reason) {
    try {
      store.delete(index);
    } catch (StoreException e) {
      reason.addSuppressed(e);
    }
  }

  private void requireLasting(BackupRecord backup, ObjectName index) throws StoreException {
    List<StoredObject> indexes = store.list(RepositoryLayout.BACKUPS);
    Instant now = SmallObjects.timeOf(index, indexes, store);
    Set<ObjectName> held = held(indexes);
    List<Tombstone> tombstones = Tombstone.all(store);
    for (DataObject object : backup.objects()) {
      if (!held.contains(object.name()) && isDoomed(object.name(), tombstones, now)) {
        throw new BackupWithdrawn(
            backup.volume().name().text(), object.name() + " was forgotten meanwhile");
      }
    }
    requirePresent(backup);
  }

  /**
   * What bases need that still exist: whoever forgets one of these begins a new grace period for
   * all that it needs.
   */
  private Set<ObjectName> held(List<StoredObject> indexes) {
    Set<BackupId> existing =
        indexes.stream()
            .flatMap(listed -> RepositoryLayout.idOfIndex(listed.name()).stream())
            .collect(Collectors.toSet());
    return bases.stream()
        .filter(base -> existing.contains(base.id()))
        .flatMap(base -> base.objects().stream())
        .map(DataObject::name)
        .collect(Collectors.toSet());
  }

  private boolean isDoomed(ObjectName object, List<Tombstone> tombstones, Instant now) {
    List<Tombstone> covering =
        tombstones.stream().filter(tombstone -> tombstone.covers(object)).toList();
    return !covering.isEmpty()
        && covering.stream().allMatch(tombstone -> tombstone.olderThan(alarm, now));
  }

  private void requirePresent(BackupRecord backup) throws StoreException {
    Map<String, Size> present = new HashMap<>();
    for (String folder :
        backup.objects().stream()
            .map(object -> RepositoryLayout.folder(object.name()))
            .distinct()
            .toList()) {
      for (StoredObject listed : store.list(folder)) {
        present.put(listed.name().last(), listed.size());
      }
    }
    for (DataObject object : backup.objects()) {
      if (!object.size().equals(present.get(object.name().last()))) {
        throw new BackupWithdrawn(
            backup.volume().name().text(), object.name() + " is not there in its full size");
      }
    }
  }
}
