package dev.keg.backup.replica;

import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.repository.Witness;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.copied.CopiedStore;
import dev.keg.error.InvalidInput.InvalidRepository;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The last known state of encrypted repositories, which detects a server that hides the newest
 * backups or replaces a repository:
 *
 * <pre>
 * {"schema":1,"repositories":[{"address":"s3://nightly/keg","key":"1f0c5a3b9d2e4f60",
 *  "newest":{"db db1":"20261120T105801Z-3f9a1c2e"}}]}
 * </pre>
 */
public final class RepositoryMemory {
  private static final long SCHEMA = 1;
  private static final String LOCK = "@repositories";

  private final VolumeRegistry registry;
  private final Consumer<String> debug;

  /**
   * @param debug receives messages of minor interest
   */
  public RepositoryMemory(VolumeRegistry registry, Consumer<String> debug) {
    this.registry = registry;
    this.debug = debug;
  }

  /**
   * @param key the fingerprint of its secret
   * @param newest the id of the last backup of each volume and host
   */
  private record SeenRepository(String key, SortedMap<String, String> newest) {
    SeenRepository {
      newest = Collections.unmodifiableSortedMap(new TreeMap<>(newest));
    }
  }

  /** The fingerprint of the secret that the repository at this address had. */
  Optional<String> key(String address) {
    return Optional.ofNullable(read().get(address)).map(SeenRepository::key);
  }

  /** Remembers the fingerprint, unless another is remembered. */
  void rememberKey(String address, String key) {
    change(address, seen -> seen.or(() -> Optional.of(new SeenRepository(key, new TreeMap<>()))));
  }

  /** Forgets the state, so that the current one is accepted. */
  void forget(String address) {
    if (read().containsKey(address)) {
      change(address, _ -> Optional.empty());
    }
  }

  /** The same store, of which records are read from this root's copies. */
  ObjectStore copied(ObjectStore store) {
    return new CopiedStore(store, Repository.HEADS, registry, debug);
  }

  /** The witness for the repository at this address. */
  Witness witness(String address) {
    return new Witness() {
      @Override
      public SeenBackups seen(Instant now) {
        Map<String, String> before = newest(address);
        return (catalog, volume) -> missing(address, before, catalog, volume, now);
      }

      @Override
      public void published(BackupRecord backup) {
        changeNewest(address, newest -> newest.put(history(backup), backup.id().text()));
      }

      @Override
      public void forgot(Collection<BackupId> ids) {
        changeNewest(
            address,
            newest ->
                newest
                    .values()
                    .removeIf(id -> ids.stream().anyMatch(gone -> gone.text().equals(id))));
      }
    };
  }

  private Map<String, String> newest(String address) {
    SeenRepository seen = read().get(address);
    return seen == null ? Map.of() : seen.newest();
  }

  /** If another process has forgotten or published a backup meanwhile, its record counts. */
  private Map<BackupId, VolumeName> missing(
      String address,
      Map<String, String> before,
      BackupCatalog catalog,
      Optional<VolumeName> volume,
      Instant now) {
    Map<String, String> gone = new HashMap<>(before);
    gone.keySet().removeIf(name -> volume.filter(v -> !name.startsWith(v + " ")).isPresent());
    gone.entrySet().removeIf(last -> isThere(catalog, last.getKey(), last.getValue(), now));
    changeNewest(
        address,
        newest -> {
          gone.entrySet().removeIf(last -> !last.getValue().equals(newest.get(last.getKey())));
          for (List<Backup> backups : catalog.histories()) {
            String history = history(backups.getFirst().record());
            // A backup that this process forgot while reading the catalogue is not remembered
            // again. A damaged one exists although the catalogue lacks it, and stays the newest.
            if (newest.containsKey(history) || !before.containsKey(history)) {
              newest.merge(
                  history,
                  newest(backups, now),
                  (known, last) -> hasOrPassed(backups, known, now) ? last : known);
            }
          }
        });
    SortedMap<BackupId, VolumeName> missing = new TreeMap<>();
    gone.forEach(
        (history, id) ->
            missing.put(
                new BackupId(id), new VolumeName(history.substring(0, history.indexOf(' ')))));
    return missing;
  }

  /** The newest of a history. If the clock was ahead, only the order of creation tells. */
  private static String newest(List<Backup> history, Instant now) {
    return history.stream()
        .map(Backup::id)
        .reduce(
            (one, later) ->
                one.isAhead(now) || later.isAhead(now) || one.compareTo(later) < 0 ? later : one)
        .orElseThrow()
        .text();
  }

  /**
   * Whether a history has the backup or a later one; the time of a clock that was ahead makes none
   * later.
   */
  private static boolean hasOrPassed(List<Backup> history, String id, Instant now) {
    BackupId known = new BackupId(id);
    return history.stream()
        .map(Backup::id)
        .anyMatch(
            other ->
                other.equals(known)
                    || (!known.isAhead(now) && !other.isAhead(now) && other.compareTo(known) > 0));
  }

  /** Whether that backup or a later one exists; damaged ones count. */
  private static boolean isThere(BackupCatalog catalog, String history, String id, Instant now) {
    List<Backup> backups =
        catalog.backups().stream().filter(b -> history(b.record()).equals(history)).toList();
    return hasOrPassed(backups, id, now)
        || catalog.damages().stream().anyMatch(d -> d.index().last().startsWith(id));
  }

  private static String history(BackupRecord record) {
    return record.volume().name() + " " + record.origin().host();
  }

  private Map<String, SeenRepository> read() {
    Path file = registry.ownFile(RegistryLayout::seen);
    if (!Files.isReadable(file)) {
      return Map.of();
    }
    byte[] bytes = FileFailures.translate("read", file, () -> SmallFile.read(file));
    try {
      SortedMap<String, SeenRepository> all = new TreeMap<>();
      for (JsonDocument json : JsonDocument.read(file, SCHEMA, bytes).documents("repositories")) {
        all.put(json.text("address"), new SeenRepository(json.text("key"), json.map("newest")));
        json.end();
      }
      return all;
    } catch (InvalidDocument e) {
      throw new InvalidRepository(
          file + " is damaged: " + e.getMessage(),
          "remove it; Keg then no longer knows what the repositories had before");
    }
  }

  private void changeNewest(String address, Consumer<SortedMap<String, String>> change) {
    change(
        address,
        seen ->
            seen.map(
                known -> {
                  SortedMap<String, String> newest = new TreeMap<>(known.newest());
                  change.accept(newest);
                  return new SeenRepository(known.key(), newest);
                }));
  }

  /** A root that does not exist yet, or belongs to somebody else, remembers nothing. */
  private void change(String address, UnaryOperator<Optional<SeenRepository>> change) {
    Path file = registry.layout().seen();
    Optional<SeenRepository> before = Optional.ofNullable(read().get(address));
    if (change.apply(before).equals(before) || !Files.isWritable(file.getParent())) {
      return;
    }
    registry.openForWriting();
    try (var _ = registry.lock().lockContainer(LOCK)) {
      SortedMap<String, SeenRepository> all = new TreeMap<>(read());
      Optional<SeenRepository> after = change.apply(Optional.ofNullable(all.remove(address)));
      after.ifPresent(known -> all.put(address, known));
      registry.files().writeForRoot(LOCK, file, bytes(all));
    }
  }

  private static byte[] bytes(SortedMap<String, SeenRepository> all) {
    List<JsonObject> objects =
        all.entrySet().stream()
            .map(
                entry ->
                    new JsonObject()
                        .put("address", entry.getKey())
                        .put("key", entry.getValue().key())
                        .put("newest", entry.getValue().newest()))
            .toList();
    return JsonObject.ofSchema(SCHEMA).objects("repositories", objects).bytes();
  }
}
