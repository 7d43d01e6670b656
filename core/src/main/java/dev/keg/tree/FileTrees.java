package dev.keg.tree;

import java.nio.file.Path;
import java.util.ServiceLoader;

/**
 * Opens trees. A platform may provide an implementation that keeps everything; it is found by
 * {@link ServiceLoader}.
 */
public interface FileTrees {
  /** The best implementation for the path's file system. */
  static FileTrees on(Path path) {
    for (FileTrees trees : ServiceLoader.load(FileTrees.class)) {
      if (trees.handles(path)) {
        return trees;
      }
    }
    return new PortableFileTrees();
  }

  boolean handles(Path path);

  FileTree read(Path root);

  /** Fills an existing empty directory; losses may be reported by any thread. */
  TreeWriter write(Path root, Losses losses);

  /**
   * Exchanges two directories atomically. False if that is not possible here; then nothing has
   * changed.
   */
  boolean exchange(Path one, Path other);
}
