package dev.keg.registry.journal;

import dev.keg.error.BackupException.HalfRestored;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.file.AtomicFile;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.file.TreeDeletion;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.registry.RegistryLayout;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The progress of a restore, for the next command if it is killed. The file is beside the volume's
 * data, so every command that shows the data sees it:
 *
 * <pre>
 * {"schema":1,"inode":4711,"phase":"EXCHANGING"}</pre>
 */
public final class RestoreJournal {
  /** The directory of a restore inside a mounted volume; not part of the volume's content. */
  public static final String DIRECTORY = ".keg-restore";

  /** The name of the new tree until it is complete. */
  public static final String STAGE = "restore-new";

  /** The steps of a restore. */
  public enum Phase {
    /** The stage is being filled; the live tree is untouched. */
    STAGING,
    /**
     * The live tree and the stage are exchanged in one step; the live tree's inode tells whether
     * that has happened.
     */
    EXCHANGING,
    /** The live directory is renamed away, then the stage takes its place. */
    RENAMING,
    /**
     * Undoing: the live directory becomes the stage, the previous tree becomes live, the stage
     * becomes the previous tree.
     */
    UNDOING_RENAME,
    /** The old content moves out of the live directory, name by name. */
    MOVING_OUT,
    /** The new content moves in, name by name. */
    MOVING_IN,
    /** As the last two, with the previous tree as the new content. */
    UNDOING_OUT,
    UNDOING_IN,
    /** A restore created the volume, and its content is not complete yet. */
    FILLING;

    /** Whether the live tree may be a mixture of the old and the new. */
    public boolean isBetween() {
      return switch (this) {
        case STAGING, EXCHANGING -> false;
        case RENAMING, UNDOING_RENAME, MOVING_OUT, MOVING_IN, UNDOING_OUT, UNDOING_IN, FILLING ->
            true;
      };
    }
  }

  /** Instead of an inode: the command that fills a new volume has created its stage. */
  private static final long MADE = 1;

  /** A phase, and the inode of the stage if it matters. */
  public record Progress(Phase phase, long inode) {
    /**
     * Whether this stage belongs to the new volume that was being filled, rather than to another
     * volume with the same directory of the host. An empty stage counts in any case: the command
     * may have been killed before it noted the creation.
     */
    public boolean isFilling(Path stage) throws IOException {
      return phase == Phase.FILLING
          && Files.isDirectory(stage, LinkOption.NOFOLLOW_LINKS)
          && (inode == MADE || DirectoryEntries.of(stage).isEmpty());
    }
  }

  private static final int SCHEMA = 1;

  private final Path file;
  private final DirectorySync sync;

  public RestoreJournal(Path file, DirectorySync sync) {
    this.file = file;
    this.sync = sync;
  }

  /**
   * Refuses a volume that holds neither its old content nor the new, and one that is moving to or
   * from another host: it must be neither used nor backed up. The caller holds the volume's lock,
   * or knows that nobody restores it.
   */
  public static void requireWhole(String operation, VolumeName name, VolumeHome home) {
    MoveJournal.requireHere(operation, name, home);
    new RestoreJournal(RegistryLayout.restoreJournal(home), DirectorySync.NONE)
        .read()
        .map(Progress::phase)
        .filter(Phase::isBetween)
        .ifPresent(
            phase -> {
              throw phase == Phase.FILLING
                  ? HalfRestored.incomplete(operation, name.text())
                  : HalfRestored.between(operation, name.text());
            });
  }

  public void write(Phase phase, long inode) {
    byte[] content =
        JsonObject.ofSchema(SCHEMA).put("inode", inode).put("phase", phase.name()).bytes();
    discardDraft();
    FileFailures.run("write", file, () -> AtomicFile.replace(file, draft(), content, sync));
  }

  /** Notes that the stage of a new volume exists, and belongs to it. */
  public void stageMade() {
    write(Phase.FILLING, MADE);
  }

  /** Deletes the draft of a killed writer. */
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
    byte[] bytes = FileFailures.translate("read", file, () -> SmallFile.read(file));
    try {
      JsonDocument json = JsonDocument.read(file, SCHEMA, bytes);
      Progress read = new Progress(Phase.valueOf(json.text("phase")), json.number("inode"));
      json.end();
      return Optional.of(read);
    } catch (InvalidDocument | IllegalArgumentException e) {
      throw new FileFailure("read", file.toString(), "damaged: " + e.getMessage(), e);
    }
  }

  /**
   * Removes what a killed command was filling a new volume with, if its data is a directory that
   * outlives the volume. Does not touch the files of a restore that had begun to replace a tree,
   * which may be the only copy, nor those of another volume with the same directory.
   */
  public static void discardFilling(VolumeHome home, Path data) {
    Path inside = data.resolve(DIRECTORY);
    Path stage = inside.resolve(STAGE);
    Optional<Progress> filling = filling(home);
    if (filling.isPresent() && Files.isDirectory(inside, LinkOption.NOFOLLOW_LINKS)) {
      FileFailures.run(
          "remove",
          inside,
          () -> {
            if (filling.get().isFilling(stage)) {
              TreeDeletion.deleteIn(inside, stage.getFileName());
            }
            if (DirectoryEntries.of(inside).isEmpty()) {
              Files.delete(inside);
            }
          });
    }
  }

  private static Optional<Progress> filling(VolumeHome home) {
    Path file = RegistryLayout.restoreJournal(home);
    try {
      return new RestoreJournal(file, DirectorySync.NONE)
          .read()
          .filter(found -> found.phase() == Phase.FILLING);
    } catch (FileFailure _) {
      return Optional.empty(); // its state is unknown, so nothing of it is deleted
    }
  }

  public void delete() {
    FileFailures.run("remove", file, () -> Files.deleteIfExists(file));
  }
}
