package dev.keg.snapshot;

import dev.keg.backup.restore.Restoring;
import dev.keg.backup.save.BackupContext;
import dev.keg.cloning.DirectoryCopy;
import dev.keg.tree.FileTree;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.View;

/**
 * Goes back to a snapshot as a restore does: the tree is made whole beside the live one, shares its
 * blocks with the snapshot where it can, and changes places with the live one in the end.
 */
public record SnapshotRestoring(BackupContext context) {
  private static final String OPERATION = "snapshot restore";

  public void restore(String text, SnapshotName snapshot) {
    VolumeName name = context.registry().openFor(OPERATION, text);
    try (View view = context.views().openSnapshot(OPERATION, name, snapshot);
        FileTree tree = context.trees().read(view.data())) {
      DirectoryCopy copy = new DirectoryCopy(context.trees(), OPERATION, name);
      new Restoring(context).replace(name, stage -> copy.run(tree, stage));
    }
  }
}
