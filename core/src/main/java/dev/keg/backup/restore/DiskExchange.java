package dev.keg.backup.restore;

import dev.keg.backup.save.BackupContext;
import dev.keg.driver.Disks;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.file.FileFailures;
import dev.keg.file.TreeDeletion;
import dev.keg.registry.journal.MoveJournal;
import dev.keg.registry.lock.RestoreLock;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Replaces a volume's disk by one that was first completed in a stage.
 *
 * @param operation the command that begins messages
 */
record DiskExchange(BackupContext context, String operation, VolumeName name) {
  private static final String STAGE = "restore-disk";

  /**
   * @param filling puts a disk into an empty directory
   */
  void run(Consumer<Path> filling) {
    VolumeHome home = context.registry().layout().home(name);
    try (RestoreLock _ = RestoreLock.take(operation, name, home)) {
      Volume meant = requirePossible();
      Path stage = stage(home);
      delete(stage);
      try {
        make(stage);
        filling.accept(stage);
        replace(meant, home, stage);
      } catch (RuntimeException e) {
        try {
          clear(meant, stage);
        } catch (RuntimeException more) {
          e.addSuppressed(more);
        }
        throw e;
      }
      clear(meant, stage);
    }
  }

  private void replace(Volume meant, VolumeHome home, Path stage) {
    try (var _ = context.registry().lock().lock(name)) {
      var _ = context.services().still(operation, meant);
      Volume volume = replaceable();
      disks(volume).replaceDisk(volume, home, stage);
      FileFailures.run("sync", home.path(), () -> context.sync().sync(home.path()));
    }
  }

  /** Deletes the stage, but not that of another volume which has the name now. */
  private void clear(Volume meant, Path stage) {
    // Only the restore was interrupted, not the cleanup.
    var _ = Thread.interrupted();
    try (var _ = context.registry().lock().lock(name)) {
      if (context.services().isStill(meant)) {
        delete(stage);
      }
    }
  }

  /** The volume; refuses one that is in use, and one whose disk must be kept. */
  Volume requirePossible() {
    try (var _ = context.registry().lock().lock(name)) {
      return replaceable();
    }
  }

  private Volume replaceable() {
    Volume volume = context.registry().get(operation, name);
    context.services().requireUnprotected(operation, volume);
    MoveJournal.requireHere(operation, name, context.home(volume));
    context.services().conflicts().refuseReplacing(operation, name, _ -> false, Optional.empty());
    return volume;
  }

  Disks disks(Volume volume) {
    if (context.driver(operation, volume) instanceof Disks disks) {
      return disks;
    }
    throw new RestoreFailed(
        operation,
        name.text(),
        "the backup holds a disk, and its description of the volume is not trusted",
        "`keg repo trust` or --same-place accepts it; or create a volume with driver image first");
  }

  static Path stage(VolumeHome home) {
    return home.file(STAGE);
  }

  static void make(Path stage) {
    FileFailures.run("create directory", stage, () -> Files.createDirectory(stage));
  }

  static void delete(Path stage) {
    FileFailures.run("remove", stage, () -> TreeDeletion.delete(stage));
  }
}
