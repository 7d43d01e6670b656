package dev.keg.registry;

import dev.keg.error.BackupException.HalfRestored;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.file.AtomicFile;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How far a restore of a volume has come, for whoever comes after it was killed. It lies beside the
 * volume's data, so that who shows the data knows of it:
 *
 * <pre>
 * {"schema":1,"inode":4711,"phase":"EXCHANGING"}</pre>
 */
public final class RestoreJournal {
  /** What is happening. */
  public enum Phase {
    /** The stage is being filled; the live tree is untouched. */
    STAGING,
    /** Live tree and stage change places; the live one is the stage's inode or it is not. */
    EXCHANGING,
    /** The live directory moves away, then the stage to its place. */
    RENAMING,
    /** The live directory becomes the stage, the tree before the live one, that the tree before. */
    UNDOING_RENAME,
    /** What was live moves out of the live directory, name by name. */
    MOVING_OUT,
    /** What is new moves in, name by name. */
    MOVING_IN,
    /** As the last two, with the tree before for the new one. */
    UNDOING_OUT,
    UNDOING_IN;

    /** Whether what is live may be neither the old tree nor the new one. */
    public boolean isBetween() {
      return switch (this) {
        case STAGING, EXCHANGING -> false;
        case RENAMING, UNDOING_RENAME, MOVING_OUT, MOVING_IN, UNDOING_OUT, UNDOING_IN -> true;
      };
    }
  }

  /** A phase, and the stage's inode where it matters. */
  public record Progress(Phase phase, long inode) {}

  private static final int SCHEMA = 1;

  private final Path file;
  private final DirectorySync sync;

  public RestoreJournal(Path file, DirectorySync sync) {
    this.file = file;
    this.sync = sync;
  }

  /**
   * Refuses a volume that holds neither its old content nor the new one: a consumer must not begin
   * on it, nor a backup be made of it. The caller holds the volume's lock, under which names change
   * places, or has seen that nobody does.
   */
  public static void requireWhole(String operation, VolumeName name, VolumeHome home) {
    if (new RestoreJournal(RegistryLayout.restoreJournal(home), DirectorySync.NONE)
        .read()
        .filter(found -> found.phase().isBetween())
        .isPresent()) {
      throw new HalfRestored(operation, name.text());
    }
  }

  public void write(Phase phase, long inode) {
    byte[] content =
        JsonObject.ofSchema(SCHEMA).put("inode", inode).put("phase", phase.name()).bytes();
    discardDraft();
    FileFailures.run("write", file, () -> AtomicFile.replace(file, draft(), content, sync));
  }

  /** What a writer left that was killed. */
  public void discardDraft() {
    FileFailures.run("remove", draft(), () -> Files.deleteIfExists(draft()));
  }

  private Path draft() {
    return file.resolveSibling(file.getFileName() + ".tmp");
  }

  public Optional<Progress> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    byte[] bytes = FileFailures.translate("read", file, () -> Files.readAllBytes(file));
    try {
      JsonDocument json = JsonDocument.read(file, SCHEMA, bytes);
      Progress read = new Progress(Phase.valueOf(json.text("phase")), json.number("inode"));
      json.end();
      return Optional.of(read);
    } catch (InvalidDocument | IllegalArgumentException e) {
      throw new FileFailure("read", file.toString(), "damaged: " + e.getMessage(), e);
    }
  }

  public void delete() {
    FileFailures.run("remove", file, () -> Files.deleteIfExists(file));
  }
}
