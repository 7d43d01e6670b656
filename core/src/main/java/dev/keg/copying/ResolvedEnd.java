package dev.keg.copying;

import dev.keg.error.RegistryException.CopyFailed;
import dev.keg.file.FileFailures;
import dev.keg.registry.journal.OwnNames;
import dev.keg.tree.FileTree;
import dev.keg.tree.PartialTree;
import dev.keg.tree.PortablePaths;
import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A path of a copy in the tree that contains it.
 *
 * @param shown the operator's notation
 * @param root the root directory of the tree
 * @param path the path in the tree, without links; it need not exist
 */
record ResolvedEnd(String shown, Path root, FileTree tree, TreePath path, WrittenPath written) {
  Optional<Stat> stat() {
    return tree.stat(path);
  }

  /** The existing file here, which must be of the kind that the path requires. */
  Stat require() {
    Stat stat = stat().orElseThrow(() -> failure("no such file or directory"));
    if (written.directory() && stat.type() != Stat.Type.DIRECTORY) {
      throw failure("not a directory");
    }
    return stat;
  }

  CopyFailed failure(String why) {
    return new CopyFailed(shown, why);
  }

  /** The tree without the files that Keg itself keeps in a volume. */
  FileTree source() {
    return new PartialTree(tree, TreePath.ROOT, OwnNames::isOwn);
  }

  /** Whether a directory of this tree is the other end or below it. */
  boolean isWithin(TreePath directory, ResolvedEnd other) {
    Path above = new PortablePaths(other.root).path(other.path);
    Path inside = new PortablePaths(root).path(directory);
    return FileFailures.translate("examine", inside, () -> isBelow(inside.toRealPath(), above));
  }

  private static boolean isBelow(Path place, Path directory) throws IOException {
    for (Path at = place; at != null; at = at.getParent()) {
      if (Files.isSameFile(at, directory)) {
        return true;
      }
    }
    return false;
  }
}
