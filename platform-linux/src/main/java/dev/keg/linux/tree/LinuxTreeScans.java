package dev.keg.linux.tree;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.file.FileMeter;
import dev.keg.linux.mount.ProcMounts;
import dev.keg.tree.TreePath;
import dev.keg.usage.Room;
import dev.keg.usage.TreeScan;
import dev.keg.usage.TreeScans;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Measures trees with the system calls of Linux. */
public final class LinuxTreeScans implements TreeScans {
  private final TreeStates states = new TreeStates();

  @Override
  public Optional<TreeScan> open(Path directory) {
    try {
      return Optional.of(new Scan(directory, FileMeter.ofThread().openRoot(directory), states));
    } catch (ErrnoException e) {
      return switch (e.errno()) {
        case Errno.ENOENT, Errno.ENOTDIR -> Optional.empty();
        default -> throw failure(directory, e);
      };
    }
  }

  @Override
  public Optional<String> server(Path directory) {
    try {
      return states.mounts().holding(directory).flatMap(ProcMounts::server);
    } catch (IOException _) {
      return Optional.empty(); // then only this directory is abandoned, not all of its server
    }
  }

  private static RuntimeException failure(Path path, ErrnoException e) {
    return Failures.of("measure", path.toString(), e);
  }

  private static final class Scan implements TreeScan {
    private final Path path;
    private final int root;
    private final TreeStates states;
    private boolean askedForTree;
    private Optional<TreeStates.Tree> tree = Optional.empty();

    Scan(Path path, int root, TreeStates states) {
      this.path = path;
      this.root = root;
      this.states = states;
    }

    @Override
    public void scan(TreePath directory, Visitor visitor) {
      FileMeter kernel = FileMeter.ofThread();
      int open = root;
      try {
        open = open(kernel, directory);
        kernel.entries(open, visitor);
      } catch (ErrnoException e) {
        switch (e.errno()) {
          case Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.ESTALE -> {
            return; // It is no longer a directory.
          }
          case Errno.EXDEV -> visitor.mountPoint(); // mounted since it was listed
          default -> throw failure(path.resolve(directory.toString()), e);
        }
      } finally {
        if (open != root) {
          kernel.close(open);
        }
      }
    }

    private int open(FileMeter kernel, TreePath directory) throws ErrnoException {
      int open = root;
      TreePath reached = TreePath.ROOT;
      while (!reached.equals(directory)) {
        TreePath next = OpenDirectories.farthest(reached, directory);
        int before = open;
        try {
          open = kernel.openInMount(before, OpenDirectories.below(reached, next));
        } finally {
          if (before != root) {
            kernel.close(before);
          }
        }
        reached = next;
      }
      return open;
    }

    @Override
    public long occupied() {
      try {
        return FileMeter.ofThread().occupied(root);
      } catch (ErrnoException e) {
        throw failure(path, e);
      }
    }

    @Override
    public boolean tellsBlocks() {
      return true;
    }

    @Override
    public Optional<Room> room() {
      try {
        return Optional.of(FileMeter.ofThread().room(root));
      } catch (ErrnoException e) {
        throw failure(path, e);
      }
    }

    @Override
    public Optional<String> state(boolean settled) {
      if (!askedForTree) {
        tree = states.tree(root);
        askedForTree = true;
      }
      return tree.flatMap(found -> states.of(found, settled));
    }

    @Override
    public void close() {
      FileMeter.ofThread().close(root);
    }
  }
}
