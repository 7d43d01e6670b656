package dev.keg.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.ServiceLoader;

/**
 * Directories that the file system copies and deletes as a whole, such as the subvolumes of btrfs.
 * On other file systems every method returns false or empty. A deletion can meet them in any tree,
 * so the implementation is found by {@link ServiceLoader}.
 */
public interface Subvolumes {
  /** The implementation for this system, which may support none. */
  static Subvolumes ofSystem() {
    return Found.SYSTEM;
  }

  /** Creates a subvolume that only its owner can read; returns false if it cannot create one. */
  boolean make(Path directory);

  /**
   * A number that the file system never gives to another subvolume or directory; empty if the
   * directory is not a subvolume, or if something is mounted there.
   */
  OptionalLong number(Path directory) throws IOException;

  /**
   * Copies a subvolume as it is at this moment, to a path that is free or an empty subvolume.
   * Returns false and changes nothing if the file systems differ, the caller lacks permission, or
   * the source contains nested subvolumes or mounts, which the copy would lack.
   */
  boolean copy(Path from, Path to, boolean readOnly) throws IOException;

  /**
   * Deletes a subvolume with its contents. Returns false if it contains others or the caller lacks
   * permission; its files can then be deleted one by one, even if it was read-only.
   *
   * @param top a directory above the subvolume; no link leads from there to it
   */
  boolean delete(Path top, Path subvolume) throws IOException;

  /** Loads the implementation on first use. */
  final class Found {
    private static final Subvolumes SYSTEM =
        ServiceLoader.load(Subvolumes.class).findFirst().orElseGet(None::new);

    private Found() {}
  }

  /** For systems without subvolumes. */
  final class None implements Subvolumes {
    @Override
    public boolean make(Path directory) {
      return false;
    }

    @Override
    public OptionalLong number(Path directory) {
      return OptionalLong.empty();
    }

    @Override
    public boolean copy(Path from, Path to, boolean readOnly) {
      return false;
    }

    @Override
    public boolean delete(Path top, Path subvolume) {
      return false;
    }
  }
}
