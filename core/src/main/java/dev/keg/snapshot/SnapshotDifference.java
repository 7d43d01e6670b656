package dev.keg.snapshot;

import dev.keg.backup.browse.Change;
import dev.keg.backup.browse.DirectoryTree;
import dev.keg.backup.browse.TreeDifference;
import dev.keg.backup.save.BackupContext;
import dev.keg.registry.journal.OwnNames;
import dev.keg.tree.FileTree;
import dev.keg.tree.PartialTree;
import dev.keg.tree.TreePath;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.View;
import java.util.Optional;
import java.util.function.Consumer;

/** How the files of a volume changed since a snapshot, or between two of them. */
public record SnapshotDifference(BackupContext context) {
  private static final String OPERATION = "snapshot diff";

  /**
   * Every change, in the order of a walk; compares with the live volume if there is no other
   * snapshot.
   */
  public void each(
      String text, SnapshotName from, Optional<SnapshotName> to, Consumer<Change> changes) {
    VolumeName name = context.registry().openFor(OPERATION, text);
    try (View before = context.views().openSnapshot(OPERATION, name, from);
        View after =
            to.isPresent()
                ? context.views().openSnapshot(OPERATION, name, to.get())
                : context.views().open(OPERATION, name);
        FileTree old = context.trees().read(before.data());
        FileTree young = context.trees().read(after.data())) {
      new TreeDifference(tree(name + "@" + from, old), tree(name.text(), young))
          .each(TreePath.ROOT, changes);
    }
  }

  private static DirectoryTree tree(String name, FileTree tree) {
    return new DirectoryTree(name, new PartialTree(tree, TreePath.ROOT, OwnNames::isOwn));
  }
}
