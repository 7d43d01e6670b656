package dev.keg.volumeset;

import dev.keg.mountspec.Access;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's part in showing something at a target. Failures are {@link
 * dev.keg.error.VolumeException}s that name the target and, where a privilege is missing, how to
 * get it.
 *
 * <p>Somebody hostile may own what lies below a {@link Target}'s root or below a volume, and may
 * change it during any of these calls: nothing there is ever reached by a path alone.
 */
public interface Publisher {
  /** Where a target really is, and what is not there yet. Changes nothing. */
  ResolvedTarget survey(Target target);

  /**
   * Makes what is missing of a site, as root's and 0755: directories, and in the last place an
   * empty file if the content is one. What somebody else made meanwhile is fine if it is of that
   * kind.
   */
  void make(ResolvedTarget site, MountContent content);

  /** Removes what {@link #make} made, innermost first, as far as it is there and empty. */
  void unmake(List<Path> made);

  /**
   * Shows the content at the site, complete with its access or not at all. A bind mount gets its
   * flags only after it was made, so it is made where nobody sees it or taken back if that fails.
   * {@link Access.Recursion#ENABLED} makes submounts read-only where the kernel can and leaves them
   * be where it cannot; {@link Access.Recursion#READONLY} fails there. A site whose path has become
   * another place since the survey is a failure.
   */
  void publish(MountContent content, ResolvedTarget site, Access access);

  /**
   * Takes away what is mounted at the path, the last first; nothing there is no error. Lazily means
   * out of sight at once, and gone when its last user is.
   */
  void withdraw(Path site, boolean lazy);

  /** The directory at the site; empty if nothing is there, or something else. */
  Optional<Original> original(ResolvedTarget site);

  /** A directory as it is below all that is mounted on or above it later. */
  interface Original extends AutoCloseable {
    /**
     * Copies what is in it into the empty directory: files, links, devices, with owner, mode, times
     * and extended attributes, and those of the directory itself. Mounts in it are left out. What
     * was copied is on disk when this returns.
     */
    void copy(Path into);

    @Override
    void close();
  }

  /** Gives a directory the owner, mode and extended attributes of another. */
  void copyAttributes(Path from, Path to);
}
