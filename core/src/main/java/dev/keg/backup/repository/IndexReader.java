package dev.keg.backup.repository;

import dev.keg.backup.repository.BackupCatalog.Damage;
import dev.keg.backup.repository.BackupCatalog.Damage.Kind;
import dev.keg.backup.repository.BackupCatalog.History;
import dev.keg.backup.repository.CheckState.Mark;
import dev.keg.backup.repository.rest.Presence;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.store.Fetch;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoredObject;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.volume.VolumeName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads the indexes of a repository. */
final class IndexReader {
  private final ObjectStore store;
  private final Instant now;

  IndexReader(ObjectStore store, Instant now) {
    this.store = store;
    this.now = now;
  }

  /** The index of one object: readable, damaged, or deleted since it was listed. */
  private sealed interface Index {
    record Read(BackupRecord record) implements Index {}

    record Damaged(Damage damage) implements Index {}

    record Gone() implements Index {}
  }

  /**
   * @param below the rest of the path below {@code backups/}: nothing, or a volume and a slash
   */
  BackupCatalog read(String below) throws StoreException {
    return read(below, store.list(RepositoryLayout.CHECKS + below));
  }

  private BackupCatalog read(String below, List<StoredObject> checks) throws StoreException {
    List<StoredObject> indexes =
        store.list(RepositoryLayout.BACKUPS + below).stream()
            .filter(object -> RepositoryLayout.idOfIndex(object.name()).isPresent())
            .toList();
    return read(indexes, checks);
  }

  /** One backup, if it exists; no other index is read. */
  BackupCatalog read(VolumeName volume, BackupId id) throws StoreException {
    ObjectName index = RepositoryLayout.index(volume, id);
    List<StoredObject> checks = store.list(RepositoryLayout.checks(volume, id));
    List<StoredObject> indexes =
        store.list(RepositoryLayout.folder(index)).stream()
            .filter(object -> object.name().equals(index))
            .toList();
    return read(indexes, checks);
  }

  private BackupCatalog read(List<StoredObject> indexes, List<StoredObject> checks)
      throws StoreException {
    // A copy here may be readable, but what others cannot read and have forgotten is no backup.
    checks.forEach(check -> RepositoryLayout.renounced(check.name()).ifPresent(store::discardCopy));
    Map<BackupId, List<Mark>> marks = marks(checks);
    List<Backup> backups = new ArrayList<>();
    List<Damage> damages = new ArrayList<>();
    for (Index index : Fetch.each(indexes, this::read)) {
      switch (index) {
        case Index.Read(BackupRecord record) ->
            backups.add(
                new Backup(record, new CheckState(marks.getOrDefault(record.id(), List.of()))));
        case Index.Damaged(Damage damage) when !isRenounced(damage.index(), checks) ->
            damages.add(damage);
        case Index.Damaged _ -> {}
        case Index.Gone() -> {}
      }
    }
    return new BackupCatalog(BackupOrder.of(backups, now), damages);
  }

  private Index read(StoredObject object) throws StoreException {
    Index index = readOnce(object);
    return index instanceof Index.Damaged && store.discardCopy(object.name())
        ? readOnce(object)
        : index;
  }

  private Index readOnce(StoredObject object) throws StoreException {
    try {
      BackupRecord record = BackupFile.read(object.name().text(), SmallObjects.read(store, object));
      if (!RepositoryLayout.idOfIndex(object.name()).equals(Optional.of(record.id()))) {
        throw new InvalidDocument("it is the index of " + record.id());
      }
      return new Index.Read(record);
    } catch (InvalidDocument e) {
      Kind kind = e instanceof Schema.Newer ? Kind.NEWER : Kind.UNREADABLE;
      return new Index.Damaged(new Damage(object.name(), String.valueOf(e.getMessage()), kind));
    } catch (StoreException.Absent _) {
      return new Index.Gone();
    }
  }

  /** Whether the index can be read now; it may have appeared after the others were read. */
  private boolean isBackup(ObjectName index) throws StoreException {
    for (StoredObject object : store.list(RepositoryLayout.folder(index))) {
      if (object.name().equals(index)) {
        boolean _ = store.discardCopy(index);
        return read(object) instanceof Index.Read;
      }
    }
    return false;
  }

  /** Deletes an index that was forgotten while a lock kept it, once the lock has ended. */
  void settle(ObjectName index, ObjectName note) throws StoreException {
    // Anybody who may write can create the note before the backup: copies keep their names.
    if (isBackup(index)) {
      return;
    }
    try {
      store.delete(index);
      SmallObjects.deletePassing(store, note);
    } catch (StoreException.Kept _) {
      // A later run deletes it.
    }
  }

  /** Whether an index that a lock keeps cannot be read, and is forgotten. */
  boolean isRenounced(StoredObject index) throws StoreException {
    String backup =
        RepositoryLayout.folder(index.name()).substring(RepositoryLayout.BACKUPS.length());
    return read(index) instanceof Index.Damaged
        && isRenounced(index.name(), store.list(RepositoryLayout.CHECKS + backup));
  }

  /** Whether a holder of the key has forgotten it while a lock keeps it. */
  private boolean isRenounced(ObjectName index, List<StoredObject> checks) throws StoreException {
    for (StoredObject check : checks) {
      if (RepositoryLayout.renounced(check.name()).filter(index::equals).isPresent()) {
        try {
          Schema.read(check.name().text(), SmallObjects.read(store, check), json -> index);
          return true;
        } catch (InvalidDocument | StoreException.Absent _) {
          // Nobody with the key wrote it.
        }
      }
    }
    return false;
  }

  private Map<BackupId, List<Mark>> marks(List<StoredObject> checks) throws StoreException {
    List<Check.Name> named =
        checks.stream().flatMap(object -> Check.Name.parse(object.name()).stream()).toList();
    return (store.provesNames() ? proven(named) : named)
        .stream()
            .collect(
                Collectors.groupingBy(
                    Check.Name::backup, Collectors.mapping(Check.Name::mark, Collectors.toList())));
  }

  private List<Check.Name> proven(List<Check.Name> named) throws StoreException {
    List<Boolean> proven = Fetch.each(named, name -> name.isProven(store));
    return IntStream.range(0, named.size()).filter(proven::get).mapToObj(named::get).toList();
  }

  /** All of a volume's backups with their known damage. */
  History history(VolumeName volume) throws StoreException {
    if (store.isWriteOnly()) {
      return History.NONE;
    }
    String below = volume + "/";
    List<StoredObject> checks = store.list(RepositoryLayout.CHECKS + below);
    BackupCatalog catalog = read(below, checks);
    List<Backup> backups = catalog.backups();
    SortedMap<String, List<StoredObject>> notes = new TreeMap<>(Map.of(below, checks));
    return new History(backups, damages(backups, notes), catalog.damages());
  }

  /**
   * The same for a host that cannot read indexes and made this backup; empty if it was forgotten.
   */
  History history(BackupRecord own) throws StoreException {
    String below = own.volume().name() + "/";
    boolean there =
        store.list(RepositoryLayout.BACKUPS + below).stream()
            .map(StoredObject::name)
            .anyMatch(
                name -> RepositoryLayout.idOfIndex(name).filter(own.id()::equals).isPresent());
    List<StoredObject> checks = store.list(RepositoryLayout.CHECKS + below);
    if (!there || isSaidToBeRenounced(own, checks)) {
      return History.NONE;
    }
    CheckState state = new CheckState(marks(checks).getOrDefault(own.id(), List.of()));
    List<Backup> backups = List.of(new Backup(own, state));
    return new History(backups, damages(backups, new TreeMap<>(Map.of(below, checks))), List.of());
  }

  /**
   * Whether a note says that it was forgotten, so that its data may be deleted soon. A write-only
   * host cannot verify the note.
   */
  private static boolean isSaidToBeRenounced(BackupRecord own, List<StoredObject> checks) {
    return checks.stream()
        .flatMap(check -> RepositoryLayout.renounced(check.name()).stream())
        .anyMatch(index -> RepositoryLayout.idOfIndex(index).filter(own.id()::equals).isPresent());
  }

  /**
   * The newest backup of each volume, found by its name, which takes a single listing.
   *
   * @param most the number of volumes, those with the newest backups first
   */
  History newest(int most) throws StoreException {
    if (store.isWriteOnly()) {
      return History.NONE;
    }
    Map<String, StoredObject> newest = new HashMap<>();
    for (StoredObject object : store.list(RepositoryLayout.BACKUPS)) {
      if (RepositoryLayout.idOfIndex(object.name()).isPresent()) {
        // The list is sorted by name.
        newest.put(RepositoryLayout.folder(object.name()), object);
      }
    }
    List<StoredObject> indexes =
        newest.values().stream()
            .sorted(Comparator.comparing((StoredObject o) -> o.name().last()).reversed())
            .limit(most)
            .toList();
    List<Backup> backups = new ArrayList<>();
    for (Index index : Fetch.each(indexes, this::read)) {
      if (index instanceof Index.Read(BackupRecord record)) {
        backups.add(new Backup(record, new CheckState(List.of())));
      }
    }
    return new History(backups, damages(backups, new TreeMap<>()), List.of());
  }

  /** The damage of data of backups that need not exist. */
  Damages damages(Collection<BackupRecord> records) throws StoreException {
    List<Backup> backups =
        records.stream().map(record -> new Backup(record, new CheckState(List.of()))).toList();
    return damages(backups, new TreeMap<>());
  }

  /**
   * The damage of the backups' data, some of which may belong to other volumes' backups.
   *
   * @param notes the checks of volumes that are already listed
   */
  private Damages damages(List<Backup> backups, SortedMap<String, List<StoredObject>> notes)
      throws StoreException {
    List<DataObject> objects =
        backups.stream().flatMap(backup -> backup.record().objects().stream()).toList();
    for (DataObject object : objects) {
      String below = RepositoryLayout.volumeFolder(object.name());
      if (!notes.containsKey(below)) {
        notes.put(below, store.list(RepositoryLayout.CHECKS + below));
      }
    }
    Presence presence = new Presence(store);
    Set<String> lost = new HashSet<>();
    for (DataObject object : objects) {
      if (!presence.has(object.name(), object.size())) {
        lost.add(Rest.id(object.name()));
      }
    }
    List<StoredObject> damages =
        notes.values().stream().flatMap(List::stream).filter(RepositoryLayout::isDamage).toList();
    List<DamagedObject> partly = new ArrayList<>();
    for (DamagedObject damage : Fetch.each(damages, note -> DamagedObject.of(store, note))) {
      if (damage.frames().isEmpty()) {
        lost.add(Rest.id(damage.object()));
      } else {
        partly.add(damage);
      }
    }
    return Damages.of(lost, partly);
  }
}
