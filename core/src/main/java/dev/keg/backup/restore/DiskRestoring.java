package dev.keg.backup.restore;

import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.save.BackupContext;
import dev.keg.driver.Disks;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.lifecycle.NewVolume;
import dev.keg.tree.TreeListener;
import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;

/**
 * Restores the disk of a volume: writes it to a stage, and replaces the old disk once it is
 * complete. For a volume of another kind, {@link Restoring} restores the disk as a file.
 *
 * @param operation the command that begins messages
 */
record DiskRestoring(
    BackupContext context, String operation, RestoreSource source, RestoreRequest request) {
  /** Whether the backup holds a disk, and the volume has one. */
  boolean isPossible() {
    return source.volume().filter(Volume::holdsDisk).isPresent()
        && context.driver(operation, context.registry().get(operation, request.volume()))
            instanceof Disks;
  }

  private VolumeName name() {
    return request.volume();
  }

  private void requireWhole() {
    if (request.paths().isPresent() || request.mode() == Mode.MERGE) {
      throw new RestoreFailed(
          operation,
          name().text(),
          "the backup holds a disk, which is restored as a whole",
          "leave out --path and --merge");
    }
  }

  void make(Proposal proposal, TreeListener listener) {
    requireWhole();
    Volume made = proposal.made();
    Disks driver = new DiskExchange(context, operation, name()).disks(made);
    boolean again = proposal.isAgain(name());
    Volume volume =
        proposal
            .volume(name(), again, context.clock().instant())
            .withOptions(context.services().drivers().withoutPlace(made));
    context.registry().openForWriting();
    try (var _ = context.registry().lock().lock(name(), volume.details().id())) {
      if (context.registry().find(name()).isPresent()) {
        throw new AlreadyExists(operation, name().text(), name().text());
      }
      new NewVolume(context.services(), operation, volume, Ownership.DEFAULT)
          .publish(
              again,
              created -> {
                Path stage = DiskExchange.stage(created.home());
                DiskExchange.make(stage);
                fill(created.home(), stage, listener);
                driver.replaceDisk(volume, created.home(), stage);
                DiskExchange.delete(stage);
              });
    }
    proposal.tell(listener);
  }

  void replace(TreeListener listener) {
    requireWhole();
    requireMode();
    VolumeHome home = context.registry().layout().home(name());
    new DiskExchange(context, operation, name()).run(stage -> fill(home, stage, listener));
  }

  /** Refuses a volume that is in use, and one whose disk must be kept. */
  void requireReplaceable() {
    requireWhole();
    requireMode();
    Volume _ = new DiskExchange(context, operation, name()).requirePossible();
  }

  private void requireMode() {
    if (!request.mode().replaces()) {
      throw new RestoreFailed(
          operation,
          name().text(),
          "the volume already has a disk",
          "--replace replaces its content with the backup, --to restores to another volume");
    }
  }

  private void fill(VolumeHome home, Path stage, TreeListener listener) {
    new StagedRestore(operation, context.trees(), home.path(), source, request, listener)
        .fill(stage);
  }
}
