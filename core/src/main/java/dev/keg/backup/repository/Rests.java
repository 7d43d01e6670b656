package dev.keg.backup.repository;

import dev.keg.backup.repository.rest.Grace;
import dev.keg.backup.repository.rest.Needed;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.repository.rest.Retirement;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.PendingObject;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreFailures;
import dev.keg.backup.store.StoredObject;
import dev.keg.volume.Size;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** The parts of data objects that a repository stores beside the objects or in their place. */
public final class Rests {
  private final ObjectStore store;
  private final InstantSource clock;
  private final RandomGenerator random;

  Rests(ObjectStore store, InstantSource clock, RandomGenerator random) {
    this.store = store;
    this.clock = clock;
    this.random = random;
  }

  public List<StoredObject> all() {
    return StoreFailures.translate(() -> store.list(Rest.FOLDER));
  }

  /** All rests, and all tombstones. */
  public Set<ObjectName> known() {
    Set<ObjectName> known = new HashSet<>(tombstones());
    all().forEach(rest -> known.add(rest.name()));
    return known;
  }

  /** All tombstones. */
  public Set<ObjectName> tombstones() {
    return StoreFailures.translate(
        () ->
            store.list(RepositoryLayout.FORGOTTEN).stream()
                .map(StoredObject::name)
                .collect(Collectors.toSet()));
  }

  /** The size of the newest rest of each of these objects that has one, by the object's name. */
  public Map<String, Long> sizes(Collection<String> objects) {
    Map<String, StoredObject> newest =
        all().stream()
            .filter(rest -> Rest.isSuccessor(rest.name()))
            .collect(
                Collectors.toMap(
                    rest -> Rest.id(rest.name()),
                    rest -> rest,
                    (one, other) -> one.stored().isAfter(other.stored()) ? one : other));
    Map<String, Long> sizes = new HashMap<>();
    for (String object : objects) {
      ObjectName.lookup(object)
          .map(name -> newest.get(Rest.id(name)))
          .ifPresent(rest -> sizes.put(object, rest.size().bytes()));
    }
    return sizes;
  }

  /** The readable rests of an object, the newest first. */
  public List<Rest> of(ObjectName object) {
    return StoreFailures.translate(() -> Rest.of(store, object));
  }

  /**
   * When damage of a data object was last recorded, by the id of the object and the store's clock.
   */
  public Map<String, Instant> damaged() {
    return StoreFailures.translate(
        () ->
            store.list(RepositoryLayout.CHECKS).stream()
                .filter(RepositoryLayout::isDamage)
                .collect(
                    Collectors.toMap(
                        note -> Rest.id(RepositoryLayout.objectOfDamage(note.name())),
                        StoredObject::stored,
                        (one, other) -> one.isAfter(other) ? one : other)));
  }

  /** A name for a rest, which serves beside a data object and later in its place. */
  public ObjectName next(ObjectName object) {
    return Rest.name(object, unique());
  }

  /** A name for a patch, which replaces damaged parts of the object but never the object itself. */
  public ObjectName nextPatch(ObjectName object) {
    return Rest.patch(object, unique());
  }

  private String unique() {
    return RepositoryLayout.unique(clock.instant(), random);
  }

  /** Begins a rest or patch with such a name. */
  public PendingObject begin(ObjectName rest, Size expected) {
    return StoreFailures.translate(() -> store.create(rest, expected));
  }

  /** Begins one that is useless until it was read back; no lock keeps it until then. */
  public PendingObject draft(ObjectName rest, Size expected) {
    return StoreFailures.translate(() -> store.createPassing(rest, expected));
  }

  /** Locks a sound draft, if the store has a lock. */
  public void settle(ObjectName rest) {
    if (!store.lock().isZero()) {
      StoreFailures.run(() -> store.keep(rest, clock.instant().plus(store.lock())));
    }
  }

  /** Deletes a draft that is not sound. */
  public void discard(ObjectName rest) {
    StoreFailures.run(() -> SmallObjects.deletePassing(store, rest));
  }

  /**
   * Deletes objects, and older rests of them, that a rest has replaced for long enough.
   *
   * @param considered the known backups; if there is any other, nothing is deleted this time
   * @param needed the parts of objects that they need
   * @param sound whether a rest of an object has them
   */
  public List<StoredObject> retire(
      Collection<BackupId> considered,
      Map<ObjectName, Needed> needed,
      BiPredicate<ObjectName, Rest> sound,
      Grace grace) {
    return StoreFailures.translate(
        () -> {
          if (store.list(Rest.FOLDER).isEmpty()) {
            return List.of();
          }
          // Before reading the indexes: a backup that reads later finds the rest old enough by
          // then.
          Instant now = storeTime();
          if (isMore(considered)) {
            return List.of();
          }
          List<StoredObject> data = store.list(RepositoryLayout.DATA);
          Instant settled = grace == Grace.NONE ? Instant.MAX : now.minus(Repository.GRACE);
          List<StoredObject> replaced =
              new Retirement(store, data, needed, sound).replaced(settled, now.minus(store.lock()));
          if (grace == Grace.NONE && !isAnnounced(replaced, considered)) {
            return List.of();
          }
          List<StoredObject> deleted = new ArrayList<>();
          for (StoredObject object : replaced) {
            try {
              store.delete(object.name());
              deleted.add(object);
            } catch (StoreException.Kept _) {
              // A later run deletes it.
            }
          }
          return deleted;
        });
  }

  /**
   * Whether there is a backup whose needs were not considered. An index that is forgotten, and that
   * a lock keeps, is none.
   */
  private boolean isMore(Collection<BackupId> considered) throws StoreException {
    IndexReader reader = new IndexReader(store, clock.instant());
    for (StoredObject index : store.list(RepositoryLayout.BACKUPS)) {
      boolean isOther =
          RepositoryLayout.idOfIndex(index.name())
              .filter(id -> !considered.contains(id))
              .isPresent();
      if (isOther && !reader.isRenounced(index)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Announces that objects are deleted without a grace period: a backup that appears later, and
   * builds on one that is gone, finds the announcement. One that has appeared before is found here.
   */
  private boolean isAnnounced(List<StoredObject> replaced, Collection<BackupId> considered)
      throws StoreException {
    if (replaced.isEmpty()) {
      return false;
    }
    ObjectName tombstone = RepositoryLayout.tombstone(clock.instant(), random);
    List<ObjectName> names = replaced.stream().map(StoredObject::name).toList();
    SmallObjects.writePassing(store, tombstone, Tombstone.write(names, Grace.NONE));
    if (isMore(considered)) {
      SmallObjects.deletePassing(store, tombstone);
      return false;
    }
    return true;
  }

  /** The time of the store's clock. */
  private Instant storeTime() throws StoreException {
    ObjectName probe = RepositoryLayout.tombstone(clock.instant(), random);
    SmallObjects.writePassing(store, probe, Tombstone.write(List.of(), Grace.DAY));
    Instant time = SmallObjects.timeOf(probe, store.list(RepositoryLayout.FORGOTTEN), store);
    SmallObjects.deletePassing(store, probe);
    return time;
  }
}
