package dev.keg.backup.replica;

import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.ObjectLock;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.store.StoreException;
import dev.keg.error.BackupException.BackupDamaged;
import dev.keg.error.BackupException.RepositoryFailed;
import dev.keg.error.InvalidInput.InvalidRepository;
import dev.keg.error.VolumeException;
import dev.keg.volume.Size;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Copies backups to another repository, each with all the data that it needs. Names stay the same,
 * so existing objects are not copied again, and the next run continues a killed one. The stores
 * decrypt and encrypt: data from an encrypted repository is encrypted again with the keys of the
 * other.
 */
public final class Replication {
  /** Receives the progress of the copies. */
  public interface Listener {
    void advanced(long bytes);

    /**
     * The backup now exists in the other repository.
     *
     * @param transferred how much was copied for it
     */
    void copied(BackupRecord backup, Size transferred);
  }

  private final Repository from;
  private final Repository to;
  private final Listener listener;
  private final List<VolumeException> problems = new ArrayList<>();
  private long transferred;

  public Replication(Repository from, Repository to, Listener listener) {
    this.from = from;
    this.to = to;
    this.listener = listener;
  }

  /**
   * Copies the backups that the other repository lacks.
   *
   * @return the failures, and the problems of either repository
   */
  public List<VolumeException> run(Predicate<Backup> wanted) {
    requireFits();
    BackupCatalog source = from.list();
    BackupCatalog target = to.list();
    problems.addAll(source.problems(from.address()));
    problems.addAll(target.problems(to.address()));
    List<BackupRecord> others = new ArrayList<>();
    target.backups().forEach(backup -> others.add(backup.record()));
    List<Backup> missing = missing(source, ids(target), wanted);
    if (missing.isEmpty()) {
      return problems;
    }
    ObjectCopies copies = new ObjectCopies(from, to, this::advance);
    for (Backup backup : missing) {
      try {
        copy(backup, copies, others);
        others.add(backup.record());
      } catch (VolumeException e) {
        problems.add(e);
        if (isOfStore(e)) {
          return problems;
        }
      }
    }
    return problems;
  }

  /** Whether the next backup would fail in the same way. */
  private static boolean isOfStore(VolumeException e) {
    return e instanceof RepositoryFailed
        && !(e.getCause() instanceof StoreException.Absent
            || e.getCause() instanceof StoreException.Unreadable
            || e.getCause() instanceof StoreException.Forged);
  }

  private void requireFits() {
    if (from.address().equals(to.address())) {
      throw new InvalidRepository("%s cannot be copied to itself".formatted(to.address()), null);
    }
    if (from.isSharing() && !to.isSharing()) {
      throw new InvalidRepository(
          "%s has format 1, which cannot hold the backups of %s"
              .formatted(to.address(), from.address()),
          "`keg repo upgrade %s` makes it format 2".formatted(to.address()));
    }
  }

  /** The ids of all backups, readable or not. */
  private static Set<BackupId> ids(BackupCatalog catalog) {
    Set<BackupId> ids = new HashSet<>();
    catalog.backups().forEach(backup -> ids.add(backup.id()));
    catalog.damages().stream()
        .filter(damage -> !damage.isGone())
        .flatMap(damage -> damage.id().stream())
        .forEach(ids::add);
    return ids;
  }

  private static List<Backup> missing(
      BackupCatalog source, Set<BackupId> there, Predicate<Backup> wanted) {
    return source.backups().stream()
        .filter(backup -> !there.contains(backup.id()) && wanted.test(backup))
        .toList();
  }

  private void copy(Backup backup, ObjectCopies copies, Collection<BackupRecord> others) {
    BackupRecord record = backup.record();
    if (backup.checks().damaged()) {
      throw new BackupDamaged(
          record.volume().name() + " " + record.id(),
          List.of("it is not copied"),
          "`keg verify` shows what is damaged, and `keg verify --repair-from` repairs it");
    }
    long before = transferred;
    to.publish(record, others, copies.copy(record.objects()));
    new ObjectLock(to).bases(record);
    listener.copied(record, new Size(transferred - before));
  }

  private void advance(long bytes) {
    transferred += bytes;
    listener.advanced(bytes);
  }
}
