package dev.keg.backup.repository;

import dev.keg.backup.repository.BackupCatalog.Damage;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.store.Fetch;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreFailures;
import dev.keg.backup.store.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The lock of a store that supports one. An object is locked when it is written; a later backup
 * that refers to it needs it for longer. So the objects of a backup are locked as long as its
 * record.
 */
public final class ObjectLock {
  private final ObjectStore store;

  public ObjectLock(Repository repository) {
    this.store = repository.store();
  }

  /**
   * What a run has locked.
   *
   * @param objects the number of objects
   * @param until when the last of the locks ends
   * @param damages unreadable indexes, whose objects are not locked
   */
  public record Report(int objects, Instant until, List<Damage> damages) {
    public Report {
      damages = List.copyOf(damages);
    }
  }

  /**
   * Locks the objects that the new backup needs as long as its record, if the store has a lock. Its
   * own were locked when they were written, which may be days before.
   */
  public void bases(BackupRecord backup) {
    if (!store.lock().isZero()) {
      StoreFailures.run(
          () -> {
            ObjectName index = RepositoryLayout.index(backup.volume().name(), backup.id());
            List<StoredObject> indexes = store.list(RepositoryLayout.folder(index));
            Instant until = SmallObjects.timeOf(index, indexes, store).plus(store.lock());
            keep(backup.objects().stream().map(o -> Map.entry(o.name(), until)).toList());
          });
    }
  }

  /** Locks what backups need as long as the backups themselves, and the keys that open them. */
  public Report all(Instant now) {
    return StoreFailures.translate(() -> extend(now));
  }

  private Report extend(Instant now) throws StoreException {
    if (store.lock().isZero()) {
      throw new StoreException.Failed(
          store.address(),
          "lock",
          "its address has no lock=",
          "add ?lock=30d to the address of a bucket with object lock");
    }
    BackupCatalog catalog = new IndexReader(store, now).read("");
    Map<ObjectName, Instant> ends = new HashMap<>();
    for (StoredObject index : store.list(RepositoryLayout.BACKUPS)) {
      ends.put(index.name(), index.stored().plus(store.lock()));
    }
    Map<ObjectName, Instant> wanted = new TreeMap<>();
    for (Backup backup : catalog.backups()) {
      BackupRecord record = backup.record();
      ObjectName index = RepositoryLayout.index(record.volume().name(), record.id());
      Instant until = ends.getOrDefault(index, Instant.MIN);
      if (until.isAfter(now)) {
        wanted.put(index, until);
        record.objects().forEach(o -> wanted.merge(o.name(), until, ObjectLock::later));
      }
    }
    Instant end = now.plus(store.lock());
    wanted.put(RepositoryLayout.DESCRIPTION, end);
    wanted.put(RepositoryLayout.UPGRADE, end); // if an upgrade could not replace the old one
    store.list(RepositoryLayout.KEYS).stream()
        .filter(key -> key.name().text().endsWith(".age")) // no backup needs a write key
        .forEach(key -> wanted.put(key.name(), end));
    return new Report(keep(wanted.entrySet()), end, catalog.damages());
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private Map<String, List<ObjectName>> rests() throws StoreException {
    Map<String, List<ObjectName>> rests = new HashMap<>();
    for (StoredObject rest : store.list(Rest.FOLDER)) {
      rests.computeIfAbsent(Rest.id(rest.name()), _ -> new ArrayList<>()).add(rest.name());
    }
    return rests;
  }

  /** Locks these objects and the rests of repacked ones; returns the number of objects. */
  private int keep(Collection<Map.Entry<ObjectName, Instant>> wanted) throws StoreException {
    Map<String, List<ObjectName>> rests = rests();
    List<Map.Entry<ObjectName, Instant>> all =
        wanted.stream()
            .flatMap(
                entry ->
                    Stream.concat(
                            Stream.of(entry.getKey()),
                            rests.getOrDefault(Rest.id(entry.getKey()), List.of()).stream())
                        .map(name -> Map.entry(name, entry.getValue())))
            .toList();
    return (int) Fetch.each(all, this::isKept).stream().filter(kept -> kept).count();
  }

  /** Returns false if the object is gone: it was forgotten since, or a rest replaced it. */
  private boolean isKept(Map.Entry<ObjectName, Instant> wanted) throws StoreException {
    try {
      store.keep(wanted.getKey(), wanted.getValue());
      return true;
    } catch (StoreException.Absent _) {
      return false;
    }
  }
}
