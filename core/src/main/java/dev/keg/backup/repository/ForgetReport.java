package dev.keg.backup.repository;

import dev.keg.backup.repository.Catalog.Damage;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.StoredObject;
import dev.keg.volume.Size;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run of {@code forget} did, or would do.
 *
 * @param forgotten the backups that are no more
 * @param deleted data that was deleted
 * @param waiting data that nothing refers to, but that is not deleted yet
 * @param damages indexes that cannot be read; while there are any, no data is deleted
 * @param kept what the store's lock keeps, and until when
 */
public record ForgetReport(
    List<BackupId> forgotten,
    List<StoredObject> deleted,
    List<StoredObject> waiting,
    List<Damage> damages,
    SortedMap<ObjectName, Instant> kept) {
  public ForgetReport {
    forgotten = List.copyOf(forgotten);
    deleted = List.copyOf(deleted);
    waiting = List.copyOf(waiting);
    damages = List.copyOf(damages);
    kept = Collections.unmodifiableSortedMap(new TreeMap<>(kept));
  }

  /** How many backups the lock keeps. */
  public int keptBackups() {
    return (int)
        kept.keySet().stream().filter(name -> RepositoryLayout.idOfIndex(name).isPresent()).count();
  }

  /** When nothing of what was to be deleted is kept any more. */
  public Optional<Instant> keptUntil() {
    return kept.values().stream().max(Comparator.naturalOrder());
  }

  public Size deletedSize() {
    return size(deleted);
  }

  public Size waitingSize() {
    return size(waiting);
  }

  private static Size size(List<StoredObject> objects) {
    return new Size(objects.stream().mapToLong(object -> object.size().bytes()).sum());
  }
}
