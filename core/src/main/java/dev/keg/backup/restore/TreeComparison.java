package dev.keg.backup.restore;

import dev.keg.backup.extract.Extraction;
import dev.keg.backup.extract.ExtractionRequest;
import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileTree;
import dev.keg.tree.FileTrees;
import dev.keg.tree.Losses;
import dev.keg.tree.NewFile;
import dev.keg.tree.Stage;
import dev.keg.tree.Stat;
import dev.keg.tree.TreeListener;
import dev.keg.tree.TreeListener.Note;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/**
 * Compares a tree with what would be written to it: a writer that writes nothing, but checks
 * whether the existing tree is the same.
 */
public final class TreeComparison {
  private static final int ENOUGH = 20;
  private static final int PIECE = 256 << 10;

  private final Set<TreePath> lost;

  /** One for each thread that compares, not for each file. */
  private final Queue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();

  private final List<String> differences = new ArrayList<>();

  /**
   * @param lost paths whose attributes are known to differ
   */
  TreeComparison(Set<TreePath> lost) {
    this.lost = lost;
  }

  /**
   * How a tree differs from the backup that was restored to it; the first differences, in words.
   *
   * @param request the request of the restore
   * @param lost paths whose attributes are known to differ
   */
  public static List<String> differences(
      FileTrees trees,
      Path tree,
      RestoreSource.Indexed source,
      ExtractionRequest request,
      Set<TreePath> lost) {
    TreeComparison comparison = new TreeComparison(lost);
    new Extraction(comparison.on(trees), tree, request, TreeListener.NONE)
        .fromArchive(source.archive(), source.sources());
    return comparison.differences();
  }

  /** Forwards events, and remembers what could not be restored exactly, since it will differ. */
  public static TreeListener remembering(Set<TreePath> lost, TreeListener listener) {
    return listener.withNotes(
        (path, note, text) -> {
          if (note != Note.DAMAGED_FOR_TAR) {
            lost.add(path);
          }
          listener.note(path, note, text);
        });
  }

  /** The first differences, in words. */
  synchronized List<String> differences() {
    return List.copyOf(differences);
  }

  synchronized void differs(TreePath path, String how) {
    if (differences.size() < ENOUGH) {
      differences.add(path + " " + how);
    }
  }

  /** Lends a buffer outside the heap. */
  boolean withBuffer(Predicate<ByteBuffer> use) {
    ByteBuffer known = idle.poll();
    ByteBuffer buffer = known == null ? ByteBuffer.allocateDirect(PIECE) : known;
    try {
      return use.test(buffer);
    } finally {
      idle.add(buffer);
    }
  }

  boolean isLost(TreePath path) {
    return lost.contains(path);
  }

  /** Trees whose writers compare. */
  FileTrees on(FileTrees trees) {
    return new FileTrees() {
      @Override
      public FileTree read(Path root) {
        return trees.read(root);
      }

      @Override
      public TreeWriter write(Path root, Losses losses) {
        return new Comparer(trees, root);
      }

      @Override
      public Stage stage(Path root, ByteString name, Losses losses) {
        return trees.stage(root, name, losses);
      }

      @Override
      public boolean exchange(Path one, Path other) {
        return trees.exchange(one, other);
      }
    };
  }

  private final class Comparer implements TreeWriter {
    private final FileTrees trees;
    private final Path root;
    private final FileTree tree;

    Comparer(FileTrees trees, Path root) {
      this.trees = trees;
      this.root = root;
      this.tree = trees.read(root);
    }

    private boolean is(TreePath path, Stat.Type type) {
      if (tree.stat(path).filter(stat -> stat.type() == type).isEmpty()) {
        differs(path, "is missing or is not a " + type);
      }
      return true;
    }

    @Override
    public boolean directory(TreePath path) {
      return is(path, Stat.Type.DIRECTORY);
    }

    @Override
    public Optional<NewFile> file(TreePath path) {
      return Optional.of(new FileComparison(TreeComparison.this, path, tree.open(path)));
    }

    @Override
    public Optional<NewFile> existing(TreePath path) {
      return file(path);
    }

    @Override
    public boolean symlink(TreePath path, ByteString target) {
      if (!tree.target(path).equals(Optional.of(target))) {
        differs(path, "is not a link to " + target);
      }
      return true;
    }

    @Override
    public boolean link(TreePath path, TreePath existing) {
      Optional<Stat> other = tree.stat(existing);
      boolean same =
          tree.stat(path).flatMap(stat -> other.filter(o -> o.inode() == stat.inode())).isPresent();
      if (!same) {
        differs(path, "is not the same file as " + existing);
      }
      return true;
    }

    @Override
    public boolean fifo(TreePath path) {
      return is(path, Stat.Type.FIFO);
    }

    @Override
    public boolean device(TreePath path, FileKind.Device device) {
      boolean same =
          tree.stat(path)
              .filter(stat -> stat.type() == Stat.Type.BLOCK || stat.type() == Stat.Type.CHARACTER)
              .filter(stat -> stat.toDevice().equals(device))
              .isPresent();
      if (!same) {
        differs(path, "is another device");
      }
      return true;
    }

    @Override
    public boolean exists(TreePath path) {
      return tree.stat(path).filter(stat -> stat.type() != Stat.Type.DIRECTORY).isPresent();
    }

    @Override
    public void attributes(TreePath path, FileKind kind, Attributes attributes) {
      if (!isLost(path)) {
        tree.stat(path)
            .map(stat -> stat.attributes(tree.xattrs(path)))
            .filter(found -> !found.equals(attributes))
            .ifPresent(found -> differs(path, "differs in attributes"));
      }
    }

    @Override
    public void removeXattr(TreePath directory, ByteString name) {}

    @Override
    public void remove(TreePath file) {}

    @Override
    public TreeWriter another() {
      return new Comparer(trees, root);
    }

    @Override
    public void sync() {}

    @Override
    public void close() {
      tree.close();
    }
  }
}
