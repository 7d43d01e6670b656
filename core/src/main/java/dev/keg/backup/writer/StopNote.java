package dev.keg.backup.writer;

import dev.keg.error.RegistryException.Damaged;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.volume.VolumeName;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A note of what a backup has stopped, in a file that exists from before the stop until everything
 * runs again:
 *
 * <pre>
 * {"schema":1,"host":"6f0c…","names":["3f5…"],"supervisor":"docker","time":"2026-11-29T02:00:00Z",
 *  "volume":"db"}
 * </pre>
 *
 * @param host the host on which it ran
 * @param time a time before it was stopped
 */
public record StopNote(
    Path file,
    String host,
    VolumeName volume,
    Supervisor supervisor,
    List<String> names,
    Instant time) {
  private static final long SCHEMA = 1;

  public StopNote {
    names = List.copyOf(names);
  }

  /** Empty if it was deleted meanwhile. */
  static Optional<StopNote> read(Path file) {
    return FileFailures.translate(
        "read",
        file,
        () -> {
          try {
            JsonDocument json = JsonDocument.read(file, SCHEMA, SmallFile.read(file));
            StopNote note =
                new StopNote(
                    file,
                    json.text("host"),
                    new VolumeName(json.text("volume")),
                    Supervisor.valueOf(json.text("supervisor").toUpperCase(Locale.ROOT)),
                    json.texts("names"),
                    Instant.parse(json.text("time")));
            json.end();
            return Optional.of(note);
          } catch (NoSuchFileException _) {
            return Optional.empty();
          } catch (InvalidDocument | IllegalArgumentException | DateTimeException e) {
            throw new Damaged(file.toString(), String.valueOf(e.getMessage()));
          }
        });
  }

  byte[] bytes() {
    return JsonObject.ofSchema(SCHEMA)
        .put("host", host)
        .texts("names", names)
        .put("supervisor", supervisor.toString())
        .put("time", time.toString())
        .put("volume", volume.text())
        .bytes();
  }

  /** The command line that starts them again. */
  public String line(List<String> which) {
    return supervisor.program() + " start " + String.join(" ", which);
  }
}
