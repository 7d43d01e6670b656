package dev.keg.backup.repository;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.error.BackupException.BackupWithdrawn;
import dev.keg.volume.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a backup exist, and takes it back if its data was about to be deleted while it was made.
 * The order of the looks is half of a protocol; the package's page has the whole.
 */
final class Publication {
  private final ObjectStore store;
  private final Duration alarm;

  /** Half the grace: who deletes may have looked at the indexes some time before it deletes. */
  Publication(ObjectStore store, Duration grace) {
    this.store = store;
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
    boolean parentLives = parentLives(backup, indexes);
    List<Tombstone> tombstones = Tombstone.all(store);
    for (DataObject object : backup.objects()) {
      boolean own = object.name().last().startsWith(backup.id().text());
      if ((own || !parentLives) && isDoomed(object.name(), tombstones, now)) {
        throw new BackupWithdrawn(
            backup.volume().name().text(), object.name() + " was forgotten meanwhile");
      }
    }
    requirePresent(backup);
  }

  /** Then whoever forgets the parent begins a new grace period for all that the parent needs. */
  private static boolean parentLives(BackupRecord backup, List<StoredObject> indexes) {
    Optional<BackupId> parent = Optional.ofNullable(backup.parent());
    return parent.isPresent()
        && indexes.stream()
            .anyMatch(listed -> RepositoryLayout.idOfIndex(listed.name()).equals(parent));
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
