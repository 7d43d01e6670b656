package dev.keg.registry.pool;

import dev.keg.error.InvalidInput.InvalidPoolName;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.volume.PoolName;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code keg.json}, which marks a root and names its pools:
 *
 * <pre>
 * {"schema":1}
 * {"schema":1,"shared":true}
 * {"schema":2,"pools":[{"directory":"/mnt/nvme/keg","id":"8a5d0c9f31e7b264","name":"fast"}]}
 * </pre>
 *
 * <p>A version without support for pools refuses a root that has some, and one without support for
 * {@code "repository"} refuses a root with such a pool: its schema is 3.
 *
 * @param shared whether its volumes are in a registry that several hosts share
 */
public record RootMarker(boolean shared, List<Pool> pools) {
  private static final long SCHEMA = 3;
  private static final String REPOSITORY = "repository";
  private static final String SHARED = "shared";

  public RootMarker {
    pools = List.copyOf(pools);
  }

  /** Reads it; empty if there is none. */
  public static Optional<RootMarker> read(Path file) {
    byte[] content;
    try {
      content = SmallFile.read(file);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw FileFailures.failure("open root", file, e);
    }
    try {
      JsonDocument json = JsonDocument.read(file, SCHEMA, content);
      boolean shared = json.has(SHARED) && json.truth(SHARED);
      List<Pool> pools = json.schema() == 1 ? List.of() : pools(file, json);
      json.end();
      return Optional.of(new RootMarker(shared, pools));
    } catch (InvalidDocument | InvalidPoolName e) {
      throw new Damaged(file.toString(), String.valueOf(e.getMessage()));
    }
  }

  private static List<Pool> pools(Path file, JsonDocument json) throws InvalidDocument {
    List<Pool> pools = new ArrayList<>();
    for (JsonDocument pool : json.documents("pools")) {
      PoolName name = new PoolName(pool.text("name"));
      Path root = file.resolveSibling("");
      Path directory = file.getFileSystem().getPath(pool.text("directory"));
      Optional<String> repository = pool.optionalText(REPOSITORY);
      // An archive moves along with its root.
      Path present = repository.isPresent() ? Pool.archive(root, name) : directory;
      pools.add(new Pool(name, present, pool.text("id"), repository, root));
      pool.end();
    }
    return pools;
  }

  public byte[] bytes() {
    JsonObject json = JsonObject.ofSchema(schema()).ifTrue(SHARED, shared);
    if (!pools.isEmpty()) {
      json.objects("pools", pools.stream().map(RootMarker::json).toList());
    }
    return json.bytes();
  }

  private long schema() {
    boolean archives = pools.stream().anyMatch(pool -> pool.repository().isPresent());
    return pools.isEmpty() ? 1 : archives ? SCHEMA : 2;
  }

  private static JsonObject json(Pool pool) {
    JsonObject json =
        new JsonObject()
            .put("directory", pool.directory().toString())
            .put("id", pool.id())
            .put("name", pool.name().text());
    pool.repository().ifPresent(repository -> json.put(REPOSITORY, repository));
    return json;
  }
}
