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
 * The states of trees at one moment, which is when somebody asks for the first of a file system:
 * each file system is asked once.
 */
final class TreeStates {
  private final Map<String, Optional<String>> counts = new ConcurrentHashMap<>();
  private final Map<String, Optional<String>> settled = new ConcurrentHashMap<>();
  private @Nullable ProcMounts table;

  /**
   * Of the open directory.
   *
   * @param synced whether the file system writes first what it has only in memory
   */
  Optional<String> of(int root, boolean synced) {
    try {
      Path path = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(root)));
      Optional<Mount> mount = mounts().holding(path);
      if (mount.isEmpty() || hasMounts(mount.get(), path)) {
        return Optional.empty();
      }
      String identity = FileMeter.ofThread().identity(root);
      return (synced ? settled(root, mount.get()) : count(mount.get()))
          .map(count -> count + " " + identity);
    } catch (IOException | ErrnoException _) {
      return Optional.empty(); // Then each file is looked at.
    }
  }

  // What is mounted in a tree hides files of it, and no file system tells of that.
  private boolean hasMounts(Mount mount, Path path) throws IOException {
    List<Mount> below = mounts().below(path);
    return !below.isEmpty() && !below.equals(List.of(mount));
  }

  private synchronized ProcMounts mounts() throws IOException {
    if (table == null) {
      table = ProcMounts.read();
    }
    return table;
  }

  private Optional<String> count(Mount mount) {
    return counts.computeIfAbsent(mount.device(), _ -> ChangeCounts.OF_THE_KERNEL.of(mount));
  }

  private Optional<String> settled(int root, Mount mount) {
    return settled.computeIfAbsent(mount.device(), _ -> sync(root, mount));
  }

  private static Optional<String> sync(int root, Mount mount) {
    try {
      FileMeter.ofThread().syncFileSystem(root);
      return ChangeCounts.OF_THE_KERNEL.of(mount);
    } catch (ErrnoException _) {
      return Optional.empty(); // What could not be written is counted nowhere.
    }
  }
}
