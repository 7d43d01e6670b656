package dev.keg.registry;

import dev.keg.error.VolumeException;
import dev.keg.file.AtomicFile;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.registry.pool.Place;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.DateTimeException;

/**
 * A volume or snapshot whose creation affects something outside of its home, such as an image in a
 * cluster. A note in the staged home records this, so that the driver takes it back before the
 * remains of a killed command are deleted.
 *
 * <pre>
 * {"schema":1,"kind":"volume","name":"db", and what describes the volume}
 * </pre>
 *
 * <p>The disk of a pool may come from elsewhere, and its files must not determine what is deleted
 * on a server. So the root has a witness for a home in a pool: an empty file with the same
 * unguessable name.
 */
public record Unfinished(Kind kind, Volume volume, VolumeHome home) {
  private static final String NOTE = "unfinished.json";
  private static final long SCHEMA = 1;

  /** What is being created. */
  public enum Kind {
    VOLUME("volume"),
    SNAPSHOT("snapshot");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    private static Kind parse(String text) throws InvalidDocument {
      for (Kind kind : values()) {
        if (kind.text.equals(text)) {
          return kind;
        }
      }
      throw new InvalidDocument("unknown kind \"" + text + "\"");
    }
  }

  /** Writes the note, before anything is created. */
  public void note(RegistryLayout layout) {
    byte[] text =
        JsonObject.ofSchema(SCHEMA)
            .put("kind", kind.text)
            .put("name", volume.name().text())
            .and(VolumeFile.fields(volume))
            .bytes();
    Path file = home.file(NOTE);
    FileFailures.run(
        "create " + volume.name(),
        file,
        () -> {
          if (!layout.places().around(home.path()).isDefault()) {
            Root.makeDirectory(witnesses(layout));
            // On disk before the note that it confirms.
            AtomicFile.writeNew(witness(layout, home.path()), new byte[0]);
          }
          AtomicFile.writeNew(file, text);
        });
  }

  /** Deletes the note after the volume or snapshot is published in that home. */
  public void forget(RegistryLayout layout, VolumeHome published) {
    Path file = published.file(NOTE);
    FileFailures.run(
        "clean up",
        file,
        () -> {
          Files.deleteIfExists(file);
          Files.deleteIfExists(witness(layout, home.path()));
        });
  }

  /** The directory of the witnesses. */
  static Path witnesses(RegistryLayout layout) {
    return layout.root().resolve("unfinished");
  }

  private static Path witness(RegistryLayout layout, Path home) {
    return witnesses(layout).resolve(String.valueOf(home.getFileName()));
  }

  /** Whether what is made in that home has something outside of it. */
  public static boolean isNoted(VolumeHome home) {
    return Files.isRegularFile(home.file(NOTE), LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether this root noted it of that home, which is in that place. */
  static boolean isNoted(RegistryLayout layout, Place place, Path home) {
    return isNoted(new VolumeHome(home))
        && (place.isDefault()
            || Files.isRegularFile(witness(layout, home), LinkOption.NOFOLLOW_LINKS));
  }

  static Unfinished read(VolumeHome home) throws IOException {
    Path file = home.file(NOTE);
    try {
      JsonDocument json = JsonDocument.read(file, SCHEMA, SmallFile.read(file));
      Kind kind = Kind.parse(json.text("kind"));
      Volume volume = VolumeFile.read(new VolumeName(json.text("name")), json);
      json.end();
      return new Unfinished(kind, volume, home);
    } catch (InvalidDocument | DateTimeException | IllegalArgumentException | VolumeException e) {
      throw new IOException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }
}
