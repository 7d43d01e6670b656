package dev.keg.backup.restore;

import dev.keg.error.FileFailures;
import dev.keg.error.VolumeException.FileFailure;
import dev.keg.registry.AtomicFile;
import dev.keg.registry.DirectorySync;
import dev.keg.registry.JsonDocument;
import dev.keg.registry.JsonDocument.InvalidDocument;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How far a restore has come, for whoever comes after it was killed:
 *
 * <pre>
 * {"schema":1,"inode":4711,"phase":"EXCHANGING"}</pre>
 */
final class RestoreJournal {
  /** What is happening. */
  enum Phase {
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
    boolean isBetween() {
      return switch (this) {
        case STAGING, EXCHANGING -> false;
        case RENAMING, UNDOING_RENAME, MOVING_OUT, MOVING_IN, UNDOING_OUT, UNDOING_IN -> true;
      };
    }
  }

  /** A phase, and the stage's inode where it matters. */
  record Progress(Phase phase, long inode) {}

  private static final int SCHEMA = 1;

  private final Path file;
  private final DirectorySync sync;

  RestoreJournal(Path file, DirectorySync sync) {
    this.file = file;
    this.sync = sync;
  }

  void write(Phase phase, long inode) {
    byte[] content =
        JsonDocument.write(
            SCHEMA,
            json -> {
              json.writeNumberField("inode", inode);
              json.writeStringField("phase", phase.name());
            });
    discardDraft();
    FileFailures.run("write", file, () -> AtomicFile.replace(file, draft(), content, sync));
  }

  /** What a writer left that was killed. */
  void discardDraft() {
    FileFailures.run("remove", draft(), () -> Files.deleteIfExists(draft()));
  }

  private Path draft() {
    return file.resolveSibling(file.getFileName() + ".tmp");
  }

  Optional<Progress> read() {
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

  void delete() {
    FileFailures.run("remove", file, () -> Files.deleteIfExists(file));
  }
}
