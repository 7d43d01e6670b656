package dev.keg.backup.repository;

import dev.keg.backup.repository.BackupCatalog.Damage;
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
 * The result of {@code forget}, or a preview.
 *
 * @param forgotten the backups that no longer exist
 * @param deleted data that was deleted
 * @param waiting unreferenced data that is not deleted yet
 * @param damages unreadable indexes; while there are any, no data is deleted
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

  /** When the lock no longer keeps anything that was to be deleted. */
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
