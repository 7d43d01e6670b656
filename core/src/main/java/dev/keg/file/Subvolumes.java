package dev.keg.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.ServiceLoader;

/**
 * Directories that their file system copies and deletes as a whole, as btrfs does with its
 * subvolumes. Any file system may lack them, and then every method says so; a deletion finds them
 * in any tree, so they are found by {@link ServiceLoader}.
 */
public interface Subvolumes {
  /** Those of this system; none on a system without them. */
  static Subvolumes ofSystem() {
    return Found.SYSTEM;
  }

  /** Makes a directory of the owner alone that is one; false if that cannot be: nothing is made. */
  boolean make(Path directory);

  /**
   * A number that no other subvolume or directory of the file system has, and no other will have;
   * empty if the directory is none or something is mounted there.
   */
  OptionalLong number(Path directory) throws IOException;

  /**
   * Makes a subvolume with what another one has at this moment, in the place of an empty one or
   * where nothing is. False if that cannot be, and then nothing has changed: they are on different
   * file systems, the caller may not, or others are nested or mounted in it, which the copy would
   * lack.
   */
  boolean copy(Path from, Path to, boolean readOnly) throws IOException;

  /**
   * Deletes one with all that is in it. False if that cannot be, because others are nested in it or
   * the caller may not; then its files can be deleted, also if it was read-only.
   *
   * @param top above the subvolume; no link leads from there to it
   */
  boolean delete(Path top, Path subvolume) throws IOException;

  /** Loads the system's only when it is asked for. */
  final class Found {
    private static final Subvolumes SYSTEM =
        ServiceLoader.load(Subvolumes.class).findFirst().orElseGet(None::new);

    private Found() {}
  }

  /** Of a system without subvolumes. */
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
