package dev.keg.tree;

import java.nio.file.Path;

/** Opens trees. A platform may provide an implementation that preserves everything. */
public interface FileTrees {
  FileTree read(Path root);

  /** Fills an existing empty directory; losses may be reported by any thread. */
  TreeWriter write(Path root, Losses losses);

  /**
   * Creates a directory with that name in the root of a tree in use.
   *
   * @throws dev.keg.error.RegistryException.FileFailure also if the name exists
   */
  Stage stage(Path root, ByteString name, Losses losses);

  /**
   * Exchanges two directories atomically. Returns false if that is not possible here; then nothing
   * has changed.
   */
  boolean exchange(Path one, Path other);

  /**
   * Whether the system keeps a file of this name in the root of a file system for itself. It is not
   * content: it is not read, and stays in place.
   */
  default boolean isOfSystem(Path name) {
    return false;
  }
}
