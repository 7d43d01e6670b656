package dev.keg.backup.browse;

import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.TreePath;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The space that a file takes after a restore, or a directory with everything below it.
 *
 * @param files the number of regular files; one with several links counts once
 * @param bytes their size without holes
 */
public record SpaceTaken(TreePath path, long files, long bytes) {
  /**
   * The space of each entry in the directory, in order, and then of the directory itself; or of a
   * single file.
   *
   * @param lost receives the parts of the index that cannot be read
   */
  public static List<SpaceTaken> of(BackupTree tree, TreePath from, Consumer<InvalidArchive> lost) {
    List<SpaceTaken> taken = new ArrayList<>();
    SpaceTaken all = new SpaceTaken(from, 0, 0);
    for (Iterator<BackedFile> walk = Browsing.list(tree, from, true, lost); walk.hasNext(); ) {
      BackedFile file = walk.next();
      all = all.and(file);
      if (file.path().equals(from)) {
        continue;
      }
      if (taken.isEmpty() || !file.path().isWithin(taken.getLast().path())) {
        taken.add(new SpaceTaken(childOf(from, file.path()), 0, 0));
      }
      taken.add(taken.removeLast().and(file));
    }
    taken.add(all);
    return taken;
  }

  private static TreePath childOf(TreePath directory, TreePath below) {
    TreePath child = below;
    while (!child.parent().equals(directory)) {
      child = child.parent();
    }
    return child;
  }

  private SpaceTaken and(BackedFile file) {
    return file.entry().kind() instanceof RegularFile content
        ? new SpaceTaken(path, files + 1, Math.addExact(bytes, content.stored()))
        : this;
  }
}
