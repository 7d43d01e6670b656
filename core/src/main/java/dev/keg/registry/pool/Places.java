package dev.keg.registry.pool;

import dev.keg.error.InvalidInput.InvalidPoolName;
import dev.keg.error.PoolException.NoSuchPool;
import dev.keg.error.PoolException.PoolMissing;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.file.Absence;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.volume.PoolName;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the place of each volume. A volume is in the root unless a small file of its name names a
 * pool:
 *
 * <pre>
 * {"schema":1,"pool":"fast"}
 * </pre>
 *
 * <p>That file is written before a volume appears in a pool and deleted after the volume has
 * disappeared from there. So, as long as the pool is available, a file that names a pool without
 * such a volume is a leftover and has no meaning.
 */
public record Places(Path root) {
  private static final long SCHEMA = 1;

  /** The directory with a file for each volume in a pool. */
  public Path pooled() {
    return root.resolve("pooled");
  }

  /** Whether some volume may be in a pool; otherwise none must be looked up. */
  public boolean arePooled() {
    return Files.isDirectory(pooled());
  }

  /** The root itself. */
  public Place own() {
    return new Place(PoolName.DEFAULT, root);
  }

  public List<Pool> pools() {
    return RootMarker.read(root.resolve("keg.json")).map(RootMarker::pools).orElse(List.of());
  }

  /** The root and the available pools. */
  public List<Place> present() {
    return Stream.concat(
            Stream.of(own()),
            pools().stream().filter(pool -> pool.whyMissing().isEmpty()).map(Pool::place))
        .toList();
  }

  /** The place of that name; refused if it is not available. */
  public Place require(PoolName name) {
    return name.isDefault()
        ? own()
        : find(name).orElseThrow(() -> new NoSuchPool(name.text())).require();
  }

  /** The repository with the data of that pool's volumes; empty if the pool itself has the data. */
  public Optional<String> repository(PoolName name) {
    return find(name).flatMap(Pool::repository);
  }

  private Optional<Pool> find(PoolName name) {
    return pools().stream().filter(pool -> pool.name().equals(name)).findFirst();
  }

  /** The place where the volume is or would be; refused if it is not available. */
  public Place of(VolumeName name) {
    return of(name, poolOf(name));
  }

  /** The same for a volume that is in that pool. */
  public Place of(VolumeName name, PoolName wanted) {
    if (wanted.isDefault()) {
      return own();
    }
    Pool pool = find(wanted).orElseThrow(() -> new NoSuchPool(name.text(), wanted.text()));
    pool.whyMissing()
        .ifPresent(
            why -> {
              throw new PoolMissing(name.text(), wanted.text(), pool.directory().toString(), why);
            });
    return pool.place();
  }

  /** The pool that the volume is in, which may be unavailable. */
  public PoolName poolOf(VolumeName name) {
    Path file = file(name);
    // A file that cannot be examined is read, and the error gives the reason.
    return Absence.of(file) ? PoolName.DEFAULT : read(file).orElse(PoolName.DEFAULT);
  }

  /** The place that contains a path. */
  public Place around(Path path) {
    return present().stream()
        .filter(place -> path.startsWith(place.directory()))
        .max((one, other) -> one.directory().getNameCount() - other.directory().getNameCount())
        .orElseThrow(() -> new IllegalArgumentException(path + " is in no pool"));
  }

  /** The names recorded in pools. */
  public List<String> names() {
    if (!arePooled()) {
      return List.of();
    }
    Path directory = pooled();
    return FileFailures.translate(
        "list volumes", directory, () -> DirectoryEntries.names(directory));
  }

  /** The file that names the volume's pool. */
  public Path file(VolumeName name) {
    return pooled().resolve(name.text());
  }

  private static Optional<PoolName> read(Path file) {
    try {
      byte[] content = SmallFile.read(file);
      JsonDocument json = JsonDocument.read(file, SCHEMA, content);
      PoolName pool = new PoolName(json.text("pool"));
      json.end();
      return Optional.of(pool);
    } catch (NoSuchFileException _) {
      return Optional.empty(); // the volume has just left the pool
    } catch (InvalidDocument | InvalidPoolName e) {
      throw new Damaged(file.toString(), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw FileFailures.failure("read", file, e);
    }
  }

  /** The content of the file of a volume in that pool. */
  public static byte[] content(PoolName pool) {
    return JsonObject.ofSchema(SCHEMA).put("pool", pool.text()).bytes();
  }
}
