package dev.keg.backup.repository;

import dev.keg.backup.repository.rest.Copied;
import dev.keg.backup.repository.rest.Grace;
import dev.keg.backup.repository.rest.Presence;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.error.BackupException.BackupWithdrawn;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Makes a backup exist, and withdraws it if its data was about to be deleted meanwhile. The order
 * of reads is half of a protocol; the package documentation has all of it.
 */
final class Publication {
  private final ObjectStore store;
  private final Duration alarm;
  private final Collection<BackupRecord> bases;
  private final Copied copied;

  /**
   * Uses half the grace period, since a deletion may have read the indexes some time before.
   *
   * @param bases the backups whose objects the new one uses, without needing other parts of them
   * @param copied objects of which it may need parts that no other backup does
   */
  Publication(ObjectStore store, Duration grace, Collection<BackupRecord> bases, Copied copied) {
    this.store = store;
    this.bases = List.copyOf(bases);
    this.copied = copied;
    this.alarm = grace.dividedBy(2);
  }

  void publish(BackupRecord backup) throws StoreException {
    requireHope(backup);
    ObjectName index = RepositoryLayout.index(backup.volume().name(), backup.id());
    // The lock comes last: a locked record cannot be withdrawn.
    SmallObjects.writePassing(store, index, BackupFile.write(backup));
    try {
      List<StoredObject> indexes = store.list(RepositoryLayout.BACKUPS);
      Instant stored = SmallObjects.timeOf(index, indexes, store);
      requireLasting(backup, ids(indexes), stored);
      if (!store.lock().isZero()) {
        store.keep(index, stored.plus(store.lock()));
      }
    } catch (StoreException | BackupWithdrawn e) {
      withdraw(backup, index, e);
      throw e;
    }
  }

  /**
   * Makes no record of a backup whose data may be gone already: killed before it could withdraw it,
   * it would leave a record that later backups build on.
   */
  private void requireHope(BackupRecord backup) throws StoreException {
    boolean isAlone = bases.isEmpty() && copied.isEmpty();
    Set<BackupId> existing = isAlone ? Set.of() : ids(store.list(RepositoryLayout.BACKUPS));
    boolean isSure =
        copied.isEmpty() && bases.stream().map(BackupRecord::id).allMatch(existing::contains);
    if (!isSure) {
      requireLasting(backup, existing, backup.finished());
    }
  }

  private static Set<BackupId> ids(List<StoredObject> indexes) {
    return indexes.stream()
        .flatMap(listed -> RepositoryLayout.idOfIndex(listed.name()).stream())
        .collect(Collectors.toSet());
  }

  private void withdraw(BackupRecord backup, ObjectName index, Exception reason) {
    try {
      store.delete(index);
    } catch (StoreException.Kept _) {
      // The bucket locks everything by itself, so mark it: nobody takes a marked record for a
      // backup.
      mark(backup, reason);
    } catch (StoreException e) {
      reason.addSuppressed(e);
      if (reason instanceof BackupWithdrawn) { // the account can only write
        mark(backup, reason);
      }
    }
  }

  private void mark(BackupRecord backup, Exception reason) {
    List<String> findings = List.of("it was withdrawn: " + reason.getMessage());
    try {
      new Check(Check.Level.QUICK, backup.finished(), findings).mark(store, backup);
    } catch (StoreException e) {
      reason.addSuppressed(e);
    }
  }

  /**
   * @param existing the backups that exist, which were read first
   */
  private void requireLasting(BackupRecord backup, Set<BackupId> existing, Instant now)
      throws StoreException {
    Set<ObjectName> held = objects(base -> existing.contains(base.id()));
    Set<ObjectName> doubtful = new HashSet<>(copied.found());
    doubtful.addAll(objects(base -> !existing.contains(base.id())));
    List<Tombstone> tombstones = Tombstone.all(store);
    Presence presence = new Presence(store);
    Map<String, List<StoredObject>> rests = copied.copied().isEmpty() ? Map.of() : rests();
    for (DataObject object : backup.objects()) {
      ObjectName name = object.name();
      // AWS dates an object by the beginning of its upload, and no tombstone that such a host
      // cannot read names an object that it has just written.
      boolean isOwn = store.isWriteOnly() && name.last().startsWith(backup.id().text());
      boolean isForgotten =
          !held.contains(name)
              && !isOwn
              && ((store.isWriteOnly() && doubtful.contains(name))
                  || isDoomed(name, presence, tombstones, now));
      boolean isTaken =
          (doubtful.contains(name)
                  && (isNamed(name, tombstones) || isRepacked(name, presence, now)))
              || (copied.copied().containsKey(name)
                  && (isNamed(name, since(tombstones))
                      || isReplaceable(
                          name, presence, rests.getOrDefault(Rest.id(name), List.of()), now)));
      if (isForgotten || isTaken) {
        throw new BackupWithdrawn(backup.volume().name().text(), name + " was forgotten meanwhile");
      }
    }
    for (DataObject object : backup.objects()) {
      if (!presence.has(object.name(), object.size())) {
        throw new BackupWithdrawn(
            backup.volume().name().text(), object.name() + " is not stored in its full size");
      }
    }
  }

  /**
   * The objects that some of the bases need. Forgetting a base that still exists starts a new grace
   * period for all of them, and repacking keeps the parts that it needs.
   */
  private Set<ObjectName> objects(Predicate<BackupRecord> which) {
    return bases.stream()
        .filter(which)
        .flatMap(base -> base.objects().stream())
        .map(DataObject::name)
        .collect(Collectors.toSet());
  }

  /** Whether somebody deletes the object, or parts of it, without a grace period. */
  private static boolean isNamed(ObjectName object, List<Tombstone> tombstones) {
    return tombstones.stream().anyMatch(t -> t.grace() == Grace.NONE && t.covers(object));
  }

  private List<Tombstone> since(List<Tombstone> tombstones) {
    return tombstones.stream().filter(t -> !copied.known().contains(t.object())).toList();
  }

  /** The rests of each object by its id, the newest first. */
  private Map<String, List<StoredObject>> rests() throws StoreException {
    return store.list(Rest.FOLDER).stream()
        .sorted(Rest.NEWEST_FIRST)
        .collect(Collectors.groupingBy(rest -> Rest.id(rest.name())));
  }

  /**
   * Whether something that the copy of an object consists of is gone, or a rest with what other
   * backups need may soon replace it.
   *
   * @param rests the object's rests, the newest first
   */
  private boolean isReplaceable(
      ObjectName object, Presence presence, List<StoredObject> rests, Instant now)
      throws StoreException {
    List<String> names = rests.stream().map(rest -> rest.name().last()).toList();
    Set<ObjectName> parts = copied.copied().getOrDefault(object, Set.of());
    for (ObjectName part : parts) {
      boolean isWhole = part.equals(object);
      int newer = isWhole ? rests.size() : names.indexOf(part.last());
      if (newer < 0
          || (isWhole && presence.size(object).isEmpty())
          || isReplaceable(rests.subList(0, newer), now)) {
        return true;
      }
    }
    return parts.isEmpty() && isReplaceable(rests, now);
  }

  private boolean isReplaceable(List<StoredObject> newer, Instant now) {
    return newer.stream()
        .filter(rest -> Rest.isSuccessor(rest.name()) && !copied.known().contains(rest.name()))
        .anyMatch(rest -> isSettled(rest, now));
  }

  /** Whether a deletion may count on the rest before it sees this backup. */
  private boolean isSettled(StoredObject rest, Instant now) {
    return rest.stored().plus(alarm).isBefore(now);
  }

  /** Whether parts of the object that a base needed may be gone, or about to go. */
  private boolean isRepacked(ObjectName object, Presence presence, Instant now)
      throws StoreException {
    return presence.isRest(object)
        || store.list(Rest.folder(object)).stream()
            .anyMatch(rest -> Rest.isSuccessor(rest.name()) && isSettled(rest, now));
  }

  private boolean isDoomed(
      ObjectName object, Presence presence, List<Tombstone> tombstones, Instant now)
      throws StoreException {
    Optional<Instant> stored = store.isWriteOnly() ? presence.stored(object) : Optional.empty();
    // A write-only host cannot read tombstones. A base that still exists holds what the backup
    // needs of others; the rest was just written, so no older tombstone names it.
    List<Tombstone> covering =
        tombstones.stream()
            .filter(tombstone -> tombstone.covers(object))
            .filter(tombstone -> stored.filter(tombstone.stored()::isBefore).isEmpty())
            .toList();
    return !covering.isEmpty()
        && covering.stream().allMatch(tombstone -> tombstone.olderThan(alarm, now));
  }
}
