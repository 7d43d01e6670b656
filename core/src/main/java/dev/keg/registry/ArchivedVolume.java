package dev.keg.registry;

import dev.keg.error.MoveException.Archived;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.file.AtomicFile;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.registry.pool.Pool;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code archived.json} in the home of a volume without data names the backup that has it.
 *
 * <pre>
 * {"schema":1,"backup":"20261129T100000Z-00000000","bytes":1024,"repository":"/srv/backups"}
 * </pre>
 *
 * @param size the size of the data, for rules
 */
public record ArchivedVolume(String repository, String backup, Size size) {
  /**
   * The label of the volume in which the data of an archived one is restored: the archived one's
   * id.
   */
  public static final String RETURNING = "dev.keg.returning";

  /** The suffix of that volume's name. */
  public static final String RETURNING_SUFFIX = ".returning";

  private static final String FILE = "archived.json";
  private static final long SCHEMA = 1;

  /** Whether the volume is archived, even if the file is unreadable. */
  public static boolean isIn(VolumeHome home) {
    return Files.exists(home.file(FILE));
  }

  public static Optional<ArchivedVolume> read(VolumeHome home) {
    Path file = home.file(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    byte[] bytes = FileFailures.translate("read", file, () -> SmallFile.read(file));
    try {
      JsonDocument json = JsonDocument.read(file, SCHEMA, bytes);
      ArchivedVolume read =
          new ArchivedVolume(
              json.text("repository"), json.text("backup"), new Size(json.number("bytes")));
      json.end();
      return Optional.of(read);
    } catch (InvalidDocument | IllegalArgumentException e) {
      throw new FileFailure("read", file.toString(), "damaged: " + e.getMessage(), e);
    }
  }

  /** The archived volumes of a root, by the backups that have their data. */
  public static Map<String, VolumeName> byBackup(VolumeRegistry registry) {
    Map<String, VolumeName> found = new HashMap<>();
    if (!registry.openForReading()) {
      return found;
    }
    for (Pool pool : registry.pools().list()) {
      if (pool.repository().isPresent()) {
        for (VolumeName name : registry.pools().volumes(pool.name())) {
          read(registry.layout().home(name))
              .ifPresent(archived -> found.put(archived.backup(), name));
        }
      }
    }
    return found;
  }

  /** Writes it into a home that is not published yet. */
  public void writeInto(VolumeHome staged) {
    Path file = staged.file(FILE);
    byte[] content =
        JsonObject.ofSchema(SCHEMA)
            .put("backup", backup)
            .put("bytes", size.bytes())
            .put("repository", repository)
            .bytes();
    FileFailures.run("write", file, () -> AtomicFile.writeNew(file, content));
  }

  /** Whether the volume exists only while the data of an archived one is restored in it. */
  public static boolean isReturning(Volume volume) {
    return volume.labels().map().containsKey(RETURNING);
  }

  /** Whether it is restoring this archived one. */
  public static boolean isReturning(Volume volume, Volume archived) {
    return archived.details().id().text().equals(volume.labels().map().get(RETURNING));
  }

  /** Refuses a volume whose data is only in a repository. */
  public static void requireNone(String operation, VolumeName volume, VolumeHome home) {
    read(home)
        .ifPresent(
            found -> {
              throw new Archived(operation, volume.text(), found.repository);
            });
  }
}
