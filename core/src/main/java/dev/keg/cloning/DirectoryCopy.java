package dev.keg.cloning;

import dev.keg.error.DriverException.DriverFailed;
import dev.keg.file.CreationMode;
import dev.keg.file.FileFailures;
import dev.keg.file.Subvolumes;
import dev.keg.registry.journal.OwnNames;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.PartialTree;
import dev.keg.tree.TreeCopy;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Copies a directory with all attributes, or fails: as a whole if both are subvolumes, else file by
 * file. Shares content if possible, and leaves out files that Keg itself keeps in a volume.
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
      if (!atOnce(source, from, to, false)) {
        fileByFile(source, to);
      }
    }
  }

  /** Makes a copy that nobody can write to; false if it was not made at one moment. */
  public boolean keep(Path from, Path to) {
    try (FileTree source = trees.read(from)) {
      boolean atOnce = atOnce(source, from, to, true);
      if (!atOnce) {
        FileFailures.run(
            "create directory",
            to,
            () -> Files.createDirectory(to, CreationMode.ownersDirectory(to.resolveSibling(""))));
        fileByFile(source, to);
      }
      return atOnce;
    }
  }

  private boolean atOnce(FileTree source, Path from, Path to, boolean readOnly) {
    return source.names(TreePath.ROOT).stream().noneMatch(OwnNames::isOwn)
        && FileFailures.<Boolean>translate(
            "copy", from, () -> Subvolumes.ofSystem().copy(from, to, readOnly));
  }

  private void fileByFile(FileTree source, Path to) {
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
