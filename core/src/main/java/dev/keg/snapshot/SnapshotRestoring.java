package dev.keg.snapshot;

import dev.keg.backup.restore.Restoring;
import dev.keg.backup.save.BackupContext;
import dev.keg.cloning.DirectoryCopy;
import dev.keg.driver.Disks;
import dev.keg.driver.Snapshots;
import dev.keg.lifecycle.ShownSnapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.View;

/**
 * Goes back to a snapshot like a restore: creates the complete tree or disk beside the live one,
 * sharing its blocks with the snapshot if possible, and then replaces the live one.
 */
public record SnapshotRestoring(BackupContext context) {
  private static final String OPERATION = "snapshot restore";

  public void restore(String text, SnapshotName snapshot) {
    VolumeName name = context.registry().openFor(OPERATION, text);
    try (ShownSnapshot kept = ShownSnapshot.keep(context.services(), OPERATION, name, snapshot)) {
      if (context.driver(OPERATION, kept.volume()) instanceof Disks
          && context.driver(OPERATION, kept.volume()) instanceof Snapshots power) {
        new Restoring(context)
            .replaceDisk(
                name, stage -> power.snapshot(kept.volume(), kept.home(), new VolumeHome(stage)));
        return;
      }
    }
    replaceFiles(name, snapshot);
  }

  private void replaceFiles(VolumeName name, SnapshotName snapshot) {
    try (View view = context.views().openSnapshot(OPERATION, name, snapshot)) {
      DirectoryCopy copy = new DirectoryCopy(context.trees(), OPERATION, name);
      new Restoring(context).replace(name, stage -> copy.run(view.data(), stage));
    }
  }
}
