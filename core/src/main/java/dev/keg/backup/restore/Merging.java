package dev.keg.backup.restore;

import dev.keg.file.FileFailures;
import dev.keg.registry.journal.OwnNames;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind.Directory;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.Losses;
import dev.keg.tree.PortablePaths;
import dev.keg.tree.Stat;
import dev.keg.tree.TreeCopy;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Adds to a stage the files of the live tree that the backup lacks. They are hard links to the same
 * files, which takes neither time nor space, or share their content between subvolumes; directories
 * are created again. A directory that was restored only as the parent of a wanted file stays
 * unchanged.
 */
final class Merging {
  private final FileTrees trees;
  private final Path live;
  private final Path stage;
  private final Predicate<TreePath> wanted;
  private final Losses losses;

  /**
   * @param wanted the requested paths, without their parent directories
   * @param losses receives the parts of the live tree that cannot be kept
   */
  Merging(FileTrees trees, Path live, Path stage, Predicate<TreePath> wanted, Losses losses) {
    this.wanted = wanted;
    this.losses = losses;
    this.trees = trees;
    this.live = live;
    this.stage = stage;
  }

  void run() {
    try (Walk walk = new Walk()) {
      walk.directory(TreePath.ROOT);
      walk.writer.sync();
    }
  }

  private final class Walk implements AutoCloseable {
    private final FileTree from = trees.read(live);
    private final FileTree to = trees.read(stage);
    private final TreeWriter writer = trees.write(stage, losses);
    private final TreeCopy copy = new TreeCopy(from, writer);

    /** Whether they are in two subvolumes, between which nothing can be linked. */
    private final boolean apart =
        !from.stat(TreePath.ROOT)
            .map(Stat::device)
            .equals(to.stat(TreePath.ROOT).map(Stat::device));

    private final PortablePaths fromPaths = new PortablePaths(live);
    private final PortablePaths toPaths = new PortablePaths(stage);

    /** A directory in both trees. Additions change its time, so the time is set again. */
    void directory(TreePath directory) {
      Optional<Stat> before = to.stat(directory);
      boolean added = false;
      for (ByteString name : from.names(directory)) {
        if (!directory.isRoot() || !OwnNames.isOwn(name)) {
          added |= entry(directory.child(name));
        }
      }
      if (!wanted.test(directory)) {
        from.stat(directory).ifPresent(stat -> finish(from, directory, stat));
      } else if (added) {
        before.ifPresent(stat -> finish(to, directory, stat));
      }
    }

    /** Returns whether the entry was added. */
    private boolean entry(TreePath path) {
      Optional<Stat> wanted = from.stat(path);
      if (wanted.isEmpty()) {
        return false;
      }
      boolean isDirectory = wanted.get().type() == Stat.Type.DIRECTORY;
      Optional<Stat> restored = to.stat(path);
      Optional<TreePath> whole = from.partOf(path);
      if (whole.isPresent()) {
        return restored.isEmpty() && part(path, whole.get());
      }
      if (restored.isPresent()) {
        if (isDirectory && restored.get().type() == Stat.Type.DIRECTORY) {
          directory(path);
        }
        return false;
      }
      if (apart) {
        copy.part(path, path);
      } else if (isDirectory) {
        writer.directory(path);
        from.names(path).forEach(name -> entry(path.child(name)));
        finish(from, path, wanted.get());
      } else {
        link(path);
      }
      return true;
    }

    /**
     * Adds a part of a file, unless it was linked with the file or the backup's file replaced it; a
     * directory keeps its own parts.
     */
    private boolean part(TreePath path, TreePath whole) {
      boolean ofDirectory = whole.equals(path.parent());
      if (ofDirectory) {
        copy.part(path, path);
      }
      return ofDirectory;
    }

    private void link(TreePath path) {
      Path link = toPaths.path(path);
      FileFailures.run("link", link, () -> Files.createLink(link, fromPaths.path(path)));
    }

    private void finish(FileTree tree, TreePath directory, Stat stat) {
      writer.attributes(directory, new Directory(), stat.attributes(tree.xattrs(directory)));
    }

    @Override
    public void close() {
      writer.close();
      to.close();
      from.close();
    }
  }
}
