package dev.keg.backup.browse;

import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.TreePath;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a file takes, or a directory with all below it, where it is restored.
 *
 * @param files how many regular files there are; one with several links counts once
 * @param bytes of them, without holes
 */
public record SpaceTaken(TreePath path, long files, long bytes) {
  /**
   * What each thing in the directory takes, in order, and then the directory itself; of a file,
   * that alone.
   *
   * @param lost hears which parts of the index cannot be read
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
