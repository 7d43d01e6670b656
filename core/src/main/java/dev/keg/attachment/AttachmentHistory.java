package dev.keg.attachment;

import dev.keg.error.RegistryException.Damaged;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.VolumeName;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The machines that had a volume in the past, as a file in the volume's home:
 *
 * <pre>{"schema":1,"past":[{"drive":"vdb","machine":"vm7","readOnly":false,
 * "since":"2026-11-20T10:00:55Z","until":"2026-11-21T08:00:00Z"}]}</pre>
 */
public final class AttachmentHistory {
  private static final long SCHEMA = 1;

  /** Older entries are dropped. */
  private static final int KEPT = 32;

  private final VolumeRegistry registry;

  public AttachmentHistory(VolumeRegistry registry) {
    this.registry = registry;
  }

  /** A past attachment. */
  public record Past(Attachment.Disk disk, Instant until) {
    /** Drops the placement, which is meaningless after detaching. */
    public Past {
      disk = new Attachment.Disk(disk.machine(), disk.drive(), disk.readOnly(), disk.since());
    }
  }

  /** The oldest first. */
  public List<Past> of(VolumeName name) {
    Path file = registry.layout().history(registry.layout().home(name));
    return FileFailures.translate(
        "read history of " + name,
        file,
        () -> {
          try {
            return read(name, file, SmallFile.read(file));
          } catch (NoSuchFileException _) {
            return List.of();
          }
        });
  }

  private static List<Past> read(VolumeName name, Path file, byte[] content) {
    try {
      JsonDocument json = JsonDocument.read(file, SCHEMA, content);
      List<Past> past = new ArrayList<>();
      for (JsonDocument entry : json.documents("past")) {
        past.add(read(entry));
      }
      json.end();
      return past;
    } catch (InvalidDocument | DateTimeException e) {
      throw new Damaged(name.text(), file.toString(), String.valueOf(e.getMessage()));
    }
  }

  private static Past read(JsonDocument json) throws InvalidDocument {
    Past past =
        new Past(
            new Attachment.Disk(
                json.text("machine"),
                json.text("drive"),
                json.truth("readOnly"),
                Instant.parse(json.text("since"))),
            Instant.parse(json.text("until")));
    json.end();
    return past;
  }

  /** Records the end of an attachment; recording it again after a kill changes nothing. */
  public void add(VolumeName name, Attachment.Disk disk, Instant until) {
    List<Past> past = new ArrayList<>(of(name));
    Past added = new Past(disk, until);
    past.removeIf(entry -> entry.disk().equals(added.disk()));
    past.add(added);
    List<Past> kept = past.subList(Math.max(0, past.size() - KEPT), past.size());
    Path file = registry.layout().history(registry.layout().home(name));
    registry
        .files()
        .write(name, file.resolveSibling(""), String.valueOf(file.getFileName()), write(kept));
  }

  private static byte[] write(List<Past> past) {
    return JsonObject.ofSchema(SCHEMA)
        .objects("past", past.stream().map(AttachmentHistory::json).toList())
        .bytes();
  }

  private static JsonObject json(Past past) {
    return new JsonObject()
        .put("drive", past.disk().drive())
        .put("machine", past.disk().machine())
        .put("readOnly", past.disk().readOnly())
        .put("since", past.disk().since().toString())
        .put("until", past.until().toString());
  }
}
