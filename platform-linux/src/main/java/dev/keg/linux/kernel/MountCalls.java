package dev.keg.linux.kernel;

import dev.keg.linux.mount.Mounts;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The system calls that make and change mounts: one method, one call. {@link Mounts} puts them
 * together.
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

  /** umount2(2), which does not follow a link in the last place. */
  void unmount(String target, boolean lazy) throws ErrnoException;

  /** umount2(2) of what is open, lazily: it is in use by us. */
  void detach(Fd mount) throws ErrnoException;

  /** fsopen(2): the beginning of a new file system instance. */
  Fd openFileSystem(String type) throws ErrnoException;

  /** fsconfig(2); an option without a value is a flag. */
  void configure(Fd fileSystem, FileSystemOption option) throws ErrnoException;

  /** fsconfig(2), FSCONFIG_CMD_CREATE: from here on the instance exists. */
  void create(Fd fileSystem) throws ErrnoException;

  /** fsmount(2): a mount of the instance that is attached nowhere. */
  Fd mount(Fd fileSystem, Set<MountFlag> flags) throws ErrnoException;

  /** open_tree(2), OPEN_TREE_CLONE: a bind mount that is attached nowhere. */
  Fd cloneTree(Fd source, boolean recursive) throws ErrnoException;

  /** move_mount(2): attaches it in one step, as it is. */
  void attach(Fd mount, Fd target) throws ErrnoException;

  /** mount_setattr(2). */
  void change(Fd mount, boolean recursive, MountChange change) throws ErrnoException;
}
