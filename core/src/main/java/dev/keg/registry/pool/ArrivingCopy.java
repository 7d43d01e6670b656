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
 * A copy of a volume that moves to another place, in {@code arriving} there. A note beside it
 * identifies the volume and the progress, so that an interrupted move can continue:
 *
 * <pre>
 * {"schema":1,"id":"0b4e1c9a-…","since":"2026-11-29T10:00:00Z"}
 * </pre>
 */
public record ArrivingCopy(Place place, VolumeName name) {
  /** Not part of any volume's name. */
  private static final String NOTE = "@";

  private static final long SCHEMA = 1;

  /** The copy that an entry of {@code arriving} belongs to. */
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
   * Files of that volume that last changed before this time are the same in the copy; the epoch if
   * all must be compared. Empty if this is not a copy of that volume that can be continued.
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
      return Optional.empty(); // the move starts over
    }
  }

  /** Notes the progress; the caller moves the volume. */
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

  /** Deletes it, or what remains after it became the volume. */
  public void delete() throws IOException {
    TreeDeletion.delete(home().path());
    Files.deleteIfExists(note());
    Files.deleteIfExists(draft());
  }
}
