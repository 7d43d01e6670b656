package dev.keg.linux.mount;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemCalls;
import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.kernel.MountCalls;
import dev.keg.linux.kernel.MountCalls.MountChange;
import dev.keg.linux.kernel.MountFlag;
import org.jspecify.annotations.Nullable;

/**
 * Mounts made by the calls of Linux 5.2 and, for changes, 5.12: complete before anybody sees them.
 */
final class DetachedMounts {
  private final MountCalls calls;
  private final FileSystemCalls files;
  private final ClassicMounts classic;

  DetachedMounts(MountCalls calls, FileSystemCalls files, ClassicMounts classic) {
    this.calls = calls;
    this.files = files;
    this.classic = classic;
  }

  /** Returns false if the kernel is too old; then nothing has changed. */
  boolean mount(FileSystemMount mount, Fd target) throws ErrnoException {
    try (Fd detached = open(mount)) {
      calls.attach(detached, target);
      attached(mount.propagation(), detached);
      return true;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOSYS) {
        return false;
      }
      throw e;
    }
  }

  /** Mounts it detached: the mount disappears with the descriptor, unless it is attached. */
  Fd open(FileSystemMount mount) throws ErrnoException {
    try (Fd fileSystem = calls.openFileSystem(mount.type())) {
      configure(fileSystem, mount);
      calls.create(fileSystem);
      return calls.mount(fileSystem, mount.flags());
    }
  }

  private void configure(Fd fileSystem, FileSystemMount mount) throws ErrnoException {
    calls.configure(fileSystem, FileSystemOption.of("source", mount.source()));
    if (mount.flags().contains(MountFlag.READ_ONLY)) {
      calls.configure(fileSystem, FileSystemOption.flag("ro"));
    }
    for (FileSystemOption option : mount.options()) {
      calls.configure(fileSystem, option);
    }
  }

  /** Returns false if the kernel is too old; then nothing has changed. */
  boolean bind(BindMount bind, Fd source, Fd target) throws ErrnoException {
    try (Fd mount = calls.cloneTree(source, bind.recursive())) {
      attach(bind, mount, target);
      return true;
    } catch (ErrnoException e) {
      boolean old = e.errno() == Errno.ENOSYS;
      if (old && bind.users() == null && bind.submounts() != Submounts.FLAGGED) {
        return false;
      }
      throw old ? new ErrnoException(e.call(), "", e.errno(), "this needs Linux 5.12") : e;
    }
  }

  /** Attaches a detached mount, even where such a mount cannot be cloned. */
  void attach(BindMount bind, Fd mount, Fd target) throws ErrnoException {
    if (!bind.flags().isEmpty() || bind.users() != null) {
      calls.change(mount, flagsBelow(bind), new MountChange(bind.flags(), null, bind.users()));
    }
    calls.attach(mount, target);
    attached(bind.propagation(), mount);
  }

  private static boolean flagsBelow(BindMount bind) {
    return switch (bind.submounts()) {
      case LEFT_OUT, UNCHANGED -> false;
      case FLAGGED_IF_POSSIBLE, FLAGGED -> true;
    };
  }

  // Set propagation only now: a mount that is attached below a shared one becomes shared itself. On
  // a kernel that can attach but not change mounts, mount(2) does it.
  private void attached(@Nullable MountPropagation propagation, Fd mount) throws ErrnoException {
    if (propagation == null) {
      return;
    }
    try {
      calls.change(mount, propagation.recursive(), MountChange.of(propagation.type()));
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOSYS) {
        classic.share(propagation, files.path(mount));
        return;
      }
      try {
        calls.detach(mount);
      } catch (ErrnoException undo) {
        e.addSuppressed(undo);
      }
      throw e;
    }
  }
}
