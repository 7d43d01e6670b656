package dev.keg.registry.pool;

import dev.keg.file.AtomicFile;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.file.TreeDeletion;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * A copy of a volume on its way to another place, in {@code arriving} there. A note beside it says
 * whose copy it is, and how far it has come; with it, an interrupted move continues:
 *
 * <pre>
 * {"schema":1,"id":"0b4e1c9a-…","since":"2026-11-29T10:00:00Z"}
 * </pre>
 */
public record ArrivingCopy(Place place, VolumeName name) {
  /** No name of a volume has it. */
  private static final String NOTE = "@";

  private static final long SCHEMA = 1;

  /** The copy that an entry of {@code arriving} is part of. */
  public static Optional<ArrivingCopy> of(Path entry, Place place) {
    String text = String.valueOf(entry.getFileName()).replaceFirst("^@{1,2}", "");
    return VolumeName.lookup(text).map(name -> new ArrivingCopy(place, name));
  }

  public VolumeHome home() {
    return new VolumeHome(place.arriving().resolve(name.text()));
  }

  private Path note() {
    return place.arriving().resolve(NOTE + name);
  }

  private Path draft() {
    return place.arriving().resolve(NOTE + NOTE + name);
  }

  /**
   * Before which time that volume's files last changed if the copy has them as they are; the epoch
   * if they have to be compared. Empty if this is not a copy of that volume that can be continued.
   */
  public Optional<Instant> since(VolumeId id) {
    return FileFailures.translate("read", note(), () -> read(id));
  }

  private Optional<Instant> read(VolumeId id) throws IOException {
    if (!Files.isRegularFile(note(), LinkOption.NOFOLLOW_LINKS)
        || !Files.isDirectory(home().path(), LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      JsonDocument json = JsonDocument.read(note(), SCHEMA, SmallFile.read(note()));
      String owner = json.text("id");
      Instant since = Instant.parse(json.text("since"));
      json.end();
      return owner.equals(id.text()) ? Optional.of(since) : Optional.empty();
    } catch (InvalidDocument | DateTimeException _) {
      return Optional.empty(); // The move begins anew.
    }
  }

  /** Notes how far it has come; the caller moves the volume. */
  public void note(VolumeId id, Instant since, DirectorySync sync) {
    byte[] content =
        JsonObject.ofSchema(SCHEMA).put("id", id.text()).put("since", since.toString()).bytes();
    FileFailures.run(
        "write",
        note(),
        () -> {
          Files.deleteIfExists(draft());
          AtomicFile.replace(note(), draft(), content, sync);
        });
  }

  /** Deletes it, or what is left of it when it has become the volume. */
  public void delete() throws IOException {
    TreeDeletion.delete(home().path());
    Files.deleteIfExists(note());
    Files.deleteIfExists(draft());
  }
}
