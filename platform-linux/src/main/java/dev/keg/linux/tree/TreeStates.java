package dev.keg.linux.tree;

import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.file.FileMeter;
import dev.keg.linux.mount.Mount;
import dev.keg.linux.mount.ProcMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The states of trees at one moment: each file system is asked once, when its first state is
 * needed.
 */
final class TreeStates {
  private final Map<String, Optional<String>> counts = new ConcurrentHashMap<>();
  private final Map<String, Optional<String>> settled = new ConcurrentHashMap<>();
  private @Nullable ProcMounts table;

  /**
   * A tree whose file system may count its changes.
   *
   * @param root its open root directory
   */
  record Tree(int root, Mount mount, String identity) {}

  /** The tree of the open directory; empty if changes to it cannot be detected. */
  Optional<Tree> tree(int root) {
    try {
      Path path = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(root)));
      ProcMounts mounts = mounts();
      Optional<Mount> mount = mounts.holding(path);
      // A file system that counts changes is on a local disk, so this does not wait for a server.
      return mount.isPresent()
              && count(mount.get()).isPresent()
              && !hasMounts(mounts.below(path), mount.get())
          ? Optional.of(new Tree(root, mount.get(), FileMeter.ofThread().identity(root)))
          : Optional.empty();
    } catch (IOException | ErrnoException _) {
      return Optional.empty(); // every file is looked at instead
    }
  }

  /**
   * The state of a tree.
   *
   * @param synced whether to sync the file system first
   */
  Optional<String> of(Tree tree, boolean synced) {
    return (synced ? settled(tree) : count(tree.mount()))
        .map(count -> count + " " + tree.identity());
  }

  // A mount inside a tree hides files of it, and no file system reports that.
  private static boolean hasMounts(List<Mount> below, Mount mount) {
    return !below.isEmpty() && !below.equals(List.of(mount));
  }

  synchronized ProcMounts mounts() throws IOException {
    if (table == null) {
      table = ProcMounts.read();
    }
    return table;
  }

  private Optional<String> count(Mount mount) {
    return counts.computeIfAbsent(mount.device(), _ -> ChangeCounts.OF_THE_KERNEL.of(mount));
  }

  private Optional<String> settled(Tree tree) {
    return settled.computeIfAbsent(tree.mount().device(), _ -> sync(tree.root(), tree.mount()));
  }

  private static Optional<String> sync(int root, Mount mount) {
    try {
      FileMeter.ofThread().syncFileSystem(root);
      return ChangeCounts.OF_THE_KERNEL.of(mount);
    } catch (ErrnoException _) {
      return Optional.empty(); // changes that could not be written are not counted
    }
  }
}
