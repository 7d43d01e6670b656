package dev.keg.backup.repository;

import dev.keg.backup.repository.BackupCatalog.Damage;
import dev.keg.backup.repository.rest.Grace;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One run of {@code forget}: writes the tombstone, then deletes the indexes, then data whose grace
 * period is over. It may be interrupted anywhere and run again, and several machines may run it at
 * once. The order of reads is half of a protocol; the package documentation has all of it.
 */
final class Forgetting {
  static final Duration ORPHAN_AGE = Duration.ofDays(7);

  private final ObjectStore store;
  private final Duration grace;
  private final Grace graceOfLeft;
  private final Set<BackupId> wanted;
  private final Set<BackupId> victims;

  // The objects that a lock keeps, and until when.
  private final SortedMap<ObjectName, Instant> kept = new TreeMap<>();

  // Read in this order: indexes, tombstones, data with its rests.
  private final Set<ObjectName> seen;
  private final BackupCatalog catalog;
  private final List<Tombstone> tombstones;
  private final List<StoredObject> data;

  private final List<Damage> remainingDamages;

  // Ids of data objects.
  private final Set<String> referred;
  private final Set<String> left;

  // When the last never-referenced object was stored, by the volumes' folders.
  private final Map<String, Instant> unreferred = new HashMap<>();

  // When a tombstone last named the object.
  private final Map<String, Instant> named;
  private final Optional<Instant> unreadable;

  /**
   * @param grace how long unreferenced data stays
   * @param graceOfLeft when to delete the data that the victims leave behind
   */
  Forgetting(
      ObjectStore store,
      Duration grace,
      Grace graceOfLeft,
      Collection<BackupId> victims,
      Instant now)
      throws StoreException {
    this.store = store;
    this.grace = grace;
    this.graceOfLeft = graceOfLeft;
    this.wanted = Set.copyOf(victims);
    List<StoredObject> listed = store.list(RepositoryLayout.BACKUPS);
    this.seen = listed.stream().map(StoredObject::name).collect(Collectors.toUnmodifiableSet());
    this.victims = unlocked(victims, listed, now);
    this.catalog = new IndexReader(store, now).read("");
    this.tombstones = Tombstone.all(store);
    this.data =
        Stream.concat(store.list(RepositoryLayout.DATA).stream(), store.list(Rest.FOLDER).stream())
            .toList();
    this.remainingDamages =
        catalog.damages().stream().filter(damage -> !isVictim(damage.index())).toList();
    this.referred = references(id -> !this.victims.contains(id));
    this.named = Tombstone.named(tombstones);
    this.unreadable = Tombstone.unreadable(tombstones);
    this.left = references(this.victims::contains);
    // Data that regular retention leaves behind is not a sign of an interrupted backup.
    data.stream()
        .filter(object -> !referred.contains(Rest.id(object.name())))
        .filter(object -> !left.contains(Rest.id(object.name())) && !isBuried(object.name()))
        .forEach(
            object ->
                unreferred.merge(
                    RepositoryLayout.volumeFolder(object.name()),
                    object.stored(),
                    (one, other) -> one.isAfter(other) ? one : other));
  }

  /** Those whose records are no longer locked. */
  private Set<BackupId> unlocked(
      Collection<BackupId> ids, List<StoredObject> indexes, Instant now) {
    Set<BackupId> unlocked = new TreeSet<>(ids);
    if (!store.lock().isZero()) {
      for (StoredObject index : indexes) {
        Instant until = index.stored().plus(store.lock());
        Optional<BackupId> id = RepositoryLayout.idOfIndex(index.name());
        if (until.isAfter(now) && id.filter(unlocked::remove).isPresent()) {
          kept.put(index.name(), until);
        }
      }
    }
    return Set.copyOf(unlocked);
  }

  /** Deletes the object; returns false if a lock keeps it. */
  private boolean isDeleted(ObjectName name) throws StoreException {
    try {
      store.delete(name);
      return true;
    } catch (StoreException.Kept e) {
      kept.put(name, e.until());
      return false;
    }
  }

  private Set<String> references(Predicate<BackupId> which) {
    return catalog.backups().stream()
        .filter(backup -> which.test(backup.id()))
        .flatMap(backup -> backup.record().objects().stream())
        .map(object -> Rest.id(object.name()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The victims that the repository does not have. */
  Set<BackupId> unknown() {
    Set<BackupId> unknown = new TreeSet<>(victims);
    indexes().forEach(index -> RepositoryLayout.idOfIndex(index).ifPresent(unknown::remove));
    return unknown;
  }

  private Stream<ObjectName> indexes() {
    return Stream.concat(
        catalog.backups().stream()
            .map(backup -> RepositoryLayout.index(backup.record().volume().name(), backup.id())),
        catalog.damages().stream().map(Damage::index));
  }

  private boolean isForgotten(BackupId id) {
    return victims.contains(id)
        && kept.keySet().stream()
            .noneMatch(name -> RepositoryLayout.idOfIndex(name).filter(id::equals).isPresent());
  }

  private boolean isVictim(ObjectName index) {
    return RepositoryLayout.idOfIndex(index).filter(victims::contains).isPresent();
  }

  /** A preview of {@link #run} at this time. */
  ForgetReport preview(Instant now) {
    Set<ObjectName> fresh = freshlyUnreferred(now);
    boolean atOnce = isAtOnce();
    return report(
        fresh,
        data.stream()
            .filter(object -> isOver(object.name(), fresh, now) || (atOnce && isLeft(object)))
            .toList());
  }

  ForgetReport run(ObjectName tombstone, Instant now) throws StoreException {
    Set<ObjectName> fresh = freshlyUnreferred(now);
    Instant storeTime = now;
    boolean buried = !fresh.isEmpty() || !tombstones.isEmpty();
    if (buried) {
      SmallObjects.writePassing(store, tombstone, Tombstone.write(fresh, graceOfLeft));
      storeTime = SmallObjects.timeOf(tombstone, store.list(RepositoryLayout.FORGOTTEN), store);
    }
    for (ObjectName index : indexes().filter(this::isVictim).toList()) {
      boolean _ = isDeleted(index);
    }
    renounce(tombstone);
    boolean unchanged = isUnchanged();
    deleteChecks(storeTime, unchanged);
    List<StoredObject> deleted = new ArrayList<>();
    if (unchanged) {
      boolean atOnce = isAtOnce() && victims.stream().allMatch(this::isForgotten);
      for (StoredObject object : data) {
        boolean isOver = isOver(object.name(), fresh, storeTime) || (atOnce && isLeft(object));
        if (isOver && isDeleted(object.name())) {
          deleted.add(object);
        }
      }
      deleteTombstones(storeTime);
    }
    if (buried && fresh.isEmpty()) {
      SmallObjects.deletePassing(store, tombstone);
    }
    store.clearUnfinished(storeTime.minus(ORPHAN_AGE));
    return report(fresh, deleted);
  }

  /**
   * Marks unreadable indexes that are locked, perhaps for decades, as no backups; otherwise they
   * would keep all data.
   */
  private void renounce(ObjectName tombstone) throws StoreException {
    for (Damage damage : catalog.damages()) {
      if (kept.containsKey(damage.index()) && damage.id().filter(wanted::contains).isPresent()) {
        SmallObjects.writePassing(
            store,
            RepositoryLayout.renunciation(damage.index(), tombstone),
            JsonObject.ofSchema(Schema.CURRENT).bytes());
      }
    }
  }

  /**
   * Whether no backup has appeared since the first read, which may be days ago if the machine was
   * suspended. Reads the indexes after the victims' are gone and the store's time is known: a
   * backup that has appeared may build on them, or on data whose grace period was not over, and one
   * that appears later finds them gone, and the tombstone that names what it needs.
   */
  private boolean isUnchanged() throws StoreException {
    return store.list(RepositoryLayout.BACKUPS).stream()
        .map(StoredObject::name)
        .allMatch(index -> seen.contains(index) || indexes().anyMatch(index::equals));
  }

  private boolean isAtOnce() {
    return graceOfLeft == Grace.NONE && remainingDamages.isEmpty();
  }

  /** Whether only victims refer to it. */
  private boolean isLeft(StoredObject object) {
    String id = Rest.id(object.name());
    return left.contains(id) && !referred.contains(id);
  }

  /** Data that the victims leave behind, and data of backups that were never completed. */
  private Set<ObjectName> freshlyUnreferred(Instant now) {
    return data.stream()
        .filter(object -> !referred.contains(Rest.id(object.name())))
        .filter(object -> left.contains(Rest.id(object.name())) || isOrphan(object, now))
        .map(StoredObject::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private boolean isOrphan(StoredObject object, Instant now) {
    return remainingDamages.isEmpty()
        && lastOf(object).isBefore(now.minus(ORPHAN_AGE))
        && !isBuried(object.name());
  }

  /** The age counts from the latest object, since a first backup may take weeks. */
  private Instant lastOf(StoredObject object) {
    String folder = RepositoryLayout.volumeFolder(object.name());
    return unreferred.getOrDefault(folder, object.stored());
  }

  /** Whether the object is unreferenced and its grace period is over. */
  private boolean isOver(ObjectName object, Set<ObjectName> fresh, Instant now) {
    return remainingDamages.isEmpty()
        && !referred.contains(Rest.id(object))
        && !fresh.contains(object)
        && buriedSince(object).filter(since -> since.plus(grace).isBefore(now)).isPresent();
  }

  /** Deletes the checks of the victims, and those that an earlier run left. */
  private void deleteChecks(Instant now, boolean unchanged) throws StoreException {
    Set<BackupId> known =
        indexes()
            .flatMap(index -> RepositoryLayout.idOfIndex(index).stream())
            .collect(Collectors.toUnmodifiableSet());
    for (StoredObject object : store.list(RepositoryLayout.CHECKS)) {
      Optional<ObjectName> renounced = RepositoryLayout.renounced(object.name());
      if (renounced.isPresent()) {
        boolean settled = object.stored().isBefore(now.minus(grace));
        if (settled && indexes().noneMatch(renounced.get()::equals)) {
          new IndexReader(store, now).settle(renounced.get(), object.name());
        }
        continue;
      }
      Optional<BackupId> backup = Check.Name.parse(object.name()).map(Check.Name::backup);
      boolean stray =
          backup.filter(id -> !known.contains(id)).isPresent()
              && object.stored().isBefore(now.minus(ORPHAN_AGE));
      boolean unneeded = unchanged && (stray || isNoteOfNothing(object, now));
      if (unneeded || backup.filter(this::isForgotten).isPresent()) {
        SmallObjects.deletePassing(store, object.name());
      }
    }
  }

  /** Whether the note is about damage of data that no backup has needed for a while. */
  private boolean isNoteOfNothing(StoredObject note, Instant now) {
    return RepositoryLayout.isDamage(note)
        && note.stored().isBefore(now.minus(grace))
        && remainingDamages.isEmpty()
        && !referred.contains(Rest.id(RepositoryLayout.objectOfDamage(note.name())));
  }

  private void deleteTombstones(Instant now) throws StoreException {
    for (Tombstone tombstone : tombstones) {
      if (remainingDamages.isEmpty() && tombstone.olderThan(grace, now)) {
        SmallObjects.deletePassing(store, tombstone.object());
      }
    }
  }

  private ForgetReport report(Set<ObjectName> fresh, List<StoredObject> deleted) {
    Set<StoredObject> gone = Set.copyOf(deleted);
    List<StoredObject> waiting =
        data.stream()
            .filter(object -> !referred.contains(Rest.id(object.name())))
            .filter(object -> fresh.contains(object.name()) || isBuried(object.name()))
            .filter(object -> !gone.contains(object))
            .toList();
    List<BackupId> forgotten =
        indexes()
            .filter(this::isVictim)
            .filter(index -> !kept.containsKey(index))
            .flatMap(index -> RepositoryLayout.idOfIndex(index).stream())
            .sorted()
            .toList();
    return new ForgetReport(forgotten, deleted, waiting, remainingDamages, kept);
  }

  private boolean isBuried(ObjectName object) {
    return buriedSince(object).isPresent();
  }

  private Optional<Instant> buriedSince(ObjectName object) {
    return Stream.of(Optional.ofNullable(named.get(Rest.id(object))), unreadable)
        .flatMap(Optional::stream)
        .max(Comparator.naturalOrder());
  }
}
