package dev.keg.registry.pool;

import dev.keg.error.InvalidInput.InvalidPoolName;
import dev.keg.error.PoolException.PoolMissing;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.volume.PoolName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A directory on another disk. A file in it identifies the pool, so that the empty mount point of
 * an unmounted disk is never used instead:
 *
 * <pre>
 * {"schema":1,"id":"8a5d0c9f31e7b264","name":"fast","root":"/var/lib/keg"}
 * </pre>
 *
 * @param directory without symbolic links in its path
 * @param id identifies the directory that was added
 * @param repository the repository with the data of its volumes, if only their homes are in the
 *     directory
 * @param root the root that the file must also name, since a copy of a root lists the same pools
 */
public record Pool(
    PoolName name, Path directory, String id, Optional<String> repository, Path root) {
  /** Shared by the process, since each command creates its own pools. */
  private static final SilentDisks DISKS = new SilentDisks(Duration.ofSeconds(10));

  private static final String FILE = "keg-pool.json";
  private static final long SCHEMA = 1;

  /** The content of the file in a pool. */
  public record Identity(PoolName name, String id, String root) {
    /** The identity of the directory, if it is a pool. */
    public static Optional<Identity> read(Path directory) throws IOException {
      Path file = file(directory);
      byte[] content;
      try {
        content = SmallFile.read(file);
      } catch (NoSuchFileException _) {
        return Optional.empty();
      }
      if (Files.isSymbolicLink(file)) {
        throw new InvalidDocument("it is a symbolic link");
      }
      JsonDocument json = JsonDocument.read(file, SCHEMA, content);
      Identity read =
          new Identity(new PoolName(json.text("name")), json.text("id"), json.text("root"));
      json.end();
      return Optional.of(read);
    }

    public byte[] bytes() {
      return JsonObject.ofSchema(SCHEMA)
          .put("id", id)
          .put("name", name.text())
          .put("root", root)
          .bytes();
    }
  }

  /** A root's directory for the homes of an archive's volumes. */
  public static Path archive(Path root, PoolName name) {
    return root.resolve("archives").resolve(name.text());
  }

  /** The file that identifies a pool. */
  public static Path file(Path directory) {
    return directory.resolve(FILE);
  }

  /** Why the directory is not the one that was added; empty if it is. */
  public Optional<String> whyMissing() {
    return DISKS.ask(directory.toString(), this::look);
  }

  private Optional<String> look() {
    try {
      Optional<Identity> found = Identity.read(directory);
      if (found.isEmpty()) {
        return Optional.of("there is no " + FILE + " in it");
      }
      if (!found.get().id().equals(id)) {
        return Optional.of("it is another pool, named " + found.get().name());
      }
      return repository.isPresent() || found.get().root().equals(root.toRealPath().toString())
          ? Optional.empty()
          : Optional.of(
              "it belongs to the root %s; if that is this root before it was moved: keg pool add %s %s"
                  .formatted(found.get().root(), name, directory));
    } catch (InvalidDocument | InvalidPoolName e) {
      return Optional.of(FILE + " is damaged: " + e.getMessage());
    } catch (IOException e) {
      return Optional.of(FileFailures.reason(e));
    }
  }

  /** The place of its volumes; refused if the directory is not the one that was added. */
  public Place require() {
    whyMissing()
        .ifPresent(
            why -> {
              throw new PoolMissing(name.text(), directory.toString(), why);
            });
    return place();
  }

  /** The same even if it is missing. */
  public Place place() {
    return new Place(name, directory);
  }
}
