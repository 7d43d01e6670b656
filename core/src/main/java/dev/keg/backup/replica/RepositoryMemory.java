package dev.keg.backup.replica;

import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Catalog;
import dev.keg.backup.repository.Witness;
import dev.keg.error.InvalidInput.InvalidRepository;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What this root saw last in encrypted repositories, so that a server which hides the newest
 * backups, or puts another repository in the place of one, is found:
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

  public RepositoryMemory(VolumeRegistry registry) {
    this.registry = registry;
  }

  /**
   * @param key the fingerprint of its secret
   * @param newest the id of the last backup of each volume and host
   */
  private record Seen(String key, SortedMap<String, String> newest) {
    Seen {
      newest = Collections.unmodifiableSortedMap(new TreeMap<>(newest));
    }
  }

  /** The fingerprint of the secret that the repository at this address had. */
  Optional<String> key(String address) {
    return Optional.ofNullable(read().get(address)).map(Seen::key);
  }

  void rememberKey(String address, String key) {
    update(address, new Seen(key, new TreeMap<>()));
  }

  /** Takes what is there now for what is right. */
  void forget(String address) {
    if (read().containsKey(address)) {
      write(address, Optional.empty());
    }
  }

  /** What a repository at this address asks. */
  Witness witness(String address) {
    return new Witness() {
      @Override
      public Map<BackupId, VolumeName> missing(Catalog catalog, Optional<VolumeName> volume) {
        return RepositoryMemory.this.missing(address, catalog, volume);
      }

      @Override
      public void published(BackupRecord backup) {
        Seen seen = read().get(address);
        if (seen != null) {
          SortedMap<String, String> newest = new TreeMap<>(seen.newest());
          newest.put(history(backup), backup.id().text());
          update(address, new Seen(seen.key(), newest));
        }
      }

      @Override
      public void forgot(Collection<BackupId> ids) {
        Seen seen = read().get(address);
        if (seen != null) {
          SortedMap<String, String> newest = new TreeMap<>(seen.newest());
          newest.values().removeIf(id -> ids.stream().anyMatch(gone -> gone.text().equals(id)));
          update(address, new Seen(seen.key(), newest));
        }
      }
    };
  }

  private Map<BackupId, VolumeName> missing(
      String address, Catalog catalog, Optional<VolumeName> volume) {
    Seen seen = read().get(address);
    if (seen == null) {
      return Map.of();
    }
    Map<String, String> there = new HashMap<>();
    catalog.backups().forEach(backup -> there.put(history(backup.record()), backup.id().text()));
    Map<String, String> gone = new HashMap<>(seen.newest());
    gone.keySet().removeIf(name -> volume.filter(v -> !name.startsWith(v + " ")).isPresent());
    gone.entrySet().removeIf(last -> isThere(catalog, last.getKey(), last.getValue()));
    SortedMap<String, String> newest = new TreeMap<>(seen.newest());
    newest.putAll(there);
    newest.putAll(gone);
    update(address, new Seen(seen.key(), newest));
    SortedMap<BackupId, VolumeName> missing = new TreeMap<>();
    gone.forEach(
        (history, id) ->
            missing.put(
                new BackupId(id), new VolumeName(history.substring(0, history.indexOf(' ')))));
    return missing;
  }

  /** That one or a later one; what is damaged is there. */
  private static boolean isThere(Catalog catalog, String history, String id) {
    return catalog.backups().stream()
            .anyMatch(b -> history(b.record()).equals(history) && b.id().text().compareTo(id) >= 0)
        || catalog.damages().stream().anyMatch(d -> d.index().last().startsWith(id));
  }

  private static String history(BackupRecord record) {
    return record.volume().name() + " " + record.origin().host();
  }

  private Map<String, Seen> read() {
    Path file = registry.layout().seen();
    if (!Files.isReadable(file)) {
      return Map.of();
    }
    byte[] bytes = FileFailures.translate("read", file, () -> SmallFile.read(file));
    try {
      SortedMap<String, Seen> all = new TreeMap<>();
      for (JsonDocument json : JsonDocument.read(file, SCHEMA, bytes).documents("repositories")) {
        all.put(json.text("address"), new Seen(json.text("key"), json.map("newest")));
        json.end();
      }
      return all;
    } catch (InvalidDocument e) {
      throw new InvalidRepository(
          file + " is damaged: " + e.getMessage(),
          "remove it; then it is not known what the repositories had before");
    }
  }

  /** A root that does not exist yet, or is not ours, remembers nothing. */
  private void update(String address, Seen seen) {
    if (Files.isWritable(registry.layout().seen().getParent())
        && !seen.equals(read().get(address))) {
      write(address, Optional.of(seen));
    }
  }

  private void write(String address, Optional<Seen> seen) {
    registry.openForWriting();
    Path file = registry.layout().seen();
    try (var _ = registry.lock().lockContainer(LOCK)) {
      SortedMap<String, Seen> all = new TreeMap<>(read());
      all.remove(address);
      seen.ifPresent(known -> all.put(address, known));
      List<JsonObject> objects =
          all.entrySet().stream()
              .map(
                  entry ->
                      new JsonObject()
                          .put("address", entry.getKey())
                          .put("key", entry.getValue().key())
                          .put("newest", entry.getValue().newest()))
              .toList();
      registry
          .files()
          .noteContainer(
              LOCK, file, JsonObject.ofSchema(SCHEMA).objects("repositories", objects).bytes());
    }
  }
}
