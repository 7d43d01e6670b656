package dev.keg.cloning;

import dev.keg.error.DriverException.DriverFailed;
import dev.keg.registry.journal.OwnNames;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.PartialTree;
import dev.keg.tree.TreeCopy;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Copies a directory with all attributes, or fails. Shares content if possible, and leaves out
 * files that Keg itself keeps in a volume.
 */
public record DirectoryCopy(
    FileTrees trees, String operation, VolumeName volume, TreeListener listener) {
  /** A copy without progress. */
  public DirectoryCopy(FileTrees trees, String operation, VolumeName volume) {
    this(trees, operation, volume, TreeListener.NONE);
  }

  /** The target must be an empty directory. */
  public void run(Path from, Path to) {
    try (FileTree source = trees.read(from)) {
      run(source, to);
    }
  }

  /** The same for an open tree. */
  public void run(FileTree source, Path to) {
    List<String> losses = Collections.synchronizedList(new ArrayList<>());
    try (TreeWriter copy =
        trees.write(
            to,
            (path, what, why) ->
                losses.add("cannot preserve the %s of %s: %s".formatted(what, path, why)))) {
      FileTree files = new PartialTree(source, TreePath.ROOT, OwnNames::isOwn);
      new TreeCopy(files, copy, TreeCopy.Mounts.LEFT_OUT, listener).run();
    }
    if (!losses.isEmpty()) {
      throw new DriverFailed(operation, volume.text(), losses.getFirst());
    }
  }
}
