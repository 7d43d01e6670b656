package dev.keg.backup.repository;

import dev.keg.backup.repository.Catalog.Damage;
import dev.keg.backup.store.StoredObject;
import dev.keg.volume.Size;
import java.util.List;

/**
 * What a run of {@code forget} did, or would do.
 *
 * @param forgotten the backups that are no more
 * @param deleted data that was deleted
 * @param waiting data that nothing refers to, but that is not deleted yet
 * @param damages indexes that cannot be read; while there are any, no data is deleted
 */
public record ForgetReport(
    List<BackupId> forgotten,
    List<StoredObject> deleted,
    List<StoredObject> waiting,
    List<Damage> damages) {
  public ForgetReport {
    forgotten = List.copyOf(forgotten);
    deleted = List.copyOf(deleted);
    waiting = List.copyOf(waiting);
    damages = List.copyOf(damages);
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
