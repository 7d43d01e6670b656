package dev.keg.linux.kernel;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The system calls that make and change mounts, one per method. {@code linux.mount} combines them.
 */
public interface MountCalls {
  /** mount(2). */
  void mount(
      @Nullable String source,
      String target,
      @Nullable String type,
      long flags,
      @Nullable String data)
      throws ErrnoException;

  /** umount2(2), without following a link in the last part of the path. */
  void unmount(String target, boolean lazy) throws ErrnoException;

  /** umount2(2) of an open mount; lazy, because this process keeps it busy. */
  void detach(Fd mount) throws ErrnoException;

  /** fsopen(2): starts the configuration of a file system instance. */
  Fd openFileSystem(String type) throws ErrnoException;

  /** fsconfig(2); an option without a value is a flag. */
  void configure(Fd fileSystem, FileSystemOption option) throws ErrnoException;

  /** fsconfig(2), FSCONFIG_CMD_CREATE: creates the instance. */
  void create(Fd fileSystem) throws ErrnoException;

  /** fsmount(2): a detached mount of the instance. */
  Fd mount(Fd fileSystem, Set<MountFlag> flags) throws ErrnoException;

  /** open_tree(2), OPEN_TREE_CLONE: a detached bind mount. */
  Fd cloneTree(Fd source, boolean recursive) throws ErrnoException;

  /** move_mount(2): attaches a detached mount. */
  void attach(Fd mount, Fd target) throws ErrnoException;

  /**
   * fspick(2): starts reconfiguring a mounted file system; fails with EINVAL if it is not a mount.
   */
  Fd pick(Fd mount) throws ErrnoException;

  /**
   * fsconfig(2), FSCONFIG_CMD_RECONFIGURE: applies the new configuration to all mounts of the file
   * system.
   */
  void reconfigure(Fd fileSystem) throws ErrnoException;

  /** mount_setattr(2). */
  void change(Fd mount, boolean recursive, MountChange change) throws ErrnoException;

  /**
   * The changes to make to a mount.
   *
   * @param users a user namespace whose mapping translates the owners of files
   */
  record MountChange(Set<MountFlag> flags, @Nullable Propagation propagation, @Nullable Fd users) {
    public MountChange {
      flags = Set.copyOf(flags);
    }

    public static MountChange of(Propagation propagation) {
      return new MountChange(Set.of(), propagation, null);
    }
  }
}
