package dev.keg.tree;

import java.nio.file.Path;
import java.util.ServiceLoader;

/**
 * Opens trees. An operating system's module may provide one that loses nothing; it is found by
 * {@link ServiceLoader}.
 */
public interface FileTrees {
  /** The best there is for the path's file system. */
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

  /** Fills an existing empty directory; the losses may be told by any thread. */
  TreeWriter write(Path root, Losses losses);

  /**
   * Lets two directories change places in one step that is never seen half done. False if that
   * cannot be done here; then nothing has changed.
   */
  boolean exchange(Path one, Path other);
}
