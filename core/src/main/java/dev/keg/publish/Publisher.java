package dev.keg.publish;

import dev.keg.mountspec.Access;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Mounts content at targets. Failures are {@link dev.keg.error.VolumeException}s that name the
 * target and, if a privilege is missing, how to get it.
 *
 * <p>The files below a {@link Target}'s root or in a volume may belong to an attacker, who may
 * change them during any of these calls: they are never reached by a path alone.
 */
public interface Publisher {
  /** Finds the real path of a target and its missing parts. Changes nothing. */
  ResolvedTarget resolve(Target target);

  /**
   * Creates the missing parts of a site with mode 0755: directories and, if the content is a file,
   * an empty file at the end. A part that somebody else created meanwhile is accepted if it has the
   * right type.
   */
  void make(ResolvedTarget site, MountContent content);

  /** Removes what {@link #make} created, innermost first, as far as it exists and is empty. */
  void unmake(List<Path> made);

  /**
   * Mounts the content at the site with its complete access, or fails. A bind mount gets its flags
   * only after it exists, so it is made where nobody sees it, or unmounted if setting the flags
   * fails. {@link Access.Recursion#ENABLED} makes submounts read-only if the kernel supports it;
   * {@link Access.Recursion#READONLY} fails if it does not. If the site's path leads elsewhere
   * since it was resolved, this fails.
   */
  void publish(MountContent content, ResolvedTarget site, Access access);

  /**
   * Unmounts everything at the path, the last mount first; nothing mounted is not an error. A lazy
   * unmount hides the mount at once and ends it with its last user.
   */
  void withdraw(Path site, boolean lazy);

  /** The directory at the site; empty if there is none. */
  Optional<Original> original(ResolvedTarget site);

  /** A directory that stays accessible even if something is mounted on or above it later. */
  interface Original extends AutoCloseable {
    /**
     * Copies its content into an empty directory: files, links and devices with owner, mode, times
     * and extended attributes, and the attributes of the directory itself. Leaves out mounts in it.
     * The copy is synced when this returns.
     */
    void copy(Path into);

    @Override
    void close();
  }

  /**
   * The directory of a part of a tree that {@link #publish} shows; empty if it is a file, or if
   * volumes are not filled on this system.
   */
  Optional<OpenPart> part(MountContent.Tree tree, ResolvedTarget site);

  /** A directory that stays accessible even if others rename or replace it. */
  interface OpenPart extends AutoCloseable {
    /** A path to it, valid until this is closed. */
    Path path();

    @Override
    void close();
  }

  /** Copies the owner, mode and extended attributes of a directory to its parent. */
  void copyAttributes(Path from, Path to);
}
