package dev.keg.linux.loop;

import dev.keg.driver.Freezes.Frozen;
import dev.keg.linux.driver.DataMount;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemCalls.OpenMode;
import dev.keg.linux.program.Tools.Companion;
import dev.keg.volume.VolumeHome;
import java.io.IOException;

/**
 * Pauses writes, so that the image is as consistent as after an unmount. Several processes may want
 * that at once; the last one resumes writing.
 */
final class Freezing {
  private static final String CANNOT_FREEZE = "cannot freeze the file system";
  private static final String CANNOT_THAW = "cannot thaw the file system";

  private final Kernel kernel;
  private final DataMount mount;

  Freezing(Kernel kernel, DataMount mount) {
    this.kernel = kernel;
    this.mount = mount;
  }

  /** An unmounted volume needs no freezing. */
  Frozen freeze(DriverOperation operation, VolumeHome home) {
    if (!mount.stands(operation, home)) {
      return () -> {};
    }
    // Keep it open: nobody can unmount it meanwhile, and exactly this file system is thawed.
    Fd directory = operation.get(CANNOT_FREEZE, () -> open(home));
    try {
      FreezeLock lock = operation.get(CANNOT_FREEZE, () -> FreezeLock.share(home));
      try {
        Companion guard =
            operation.get(CANNOT_FREEZE, () -> FreezeGuard.start(kernel.tools(), home));
        return frozen(operation, directory, lock, guard);
      } catch (RuntimeException e) {
        DriverOperation.undo(e, () -> operation.run(CANNOT_FREEZE, lock::close));
        throw e;
      }
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private Fd open(VolumeHome home) throws ErrnoException {
    return kernel.files().open(home.data(), OpenMode.READ);
  }

  private Frozen frozen(DriverOperation operation, Fd directory, FreezeLock lock, Companion guard) {
    try {
      // The lock is held, so the file system was already frozen by a killed process or for another
      // living one.
      operation.run(
          CANNOT_FREEZE, () -> unless(Errno.EBUSY, () -> kernel.files().freeze(directory)));
    } catch (RuntimeException e) {
      guard.close();
      throw e;
    }
    return () -> {
      try {
        operation.run(CANNOT_THAW, () -> thaw(directory, lock));
      } finally {
        guard.close();
      }
    };
  }

  private void thaw(Fd directory, FreezeLock lock) throws ErrnoException, IOException {
    try (directory;
        lock) {
      if (lock.leave()) {
        thaw(directory);
      }
    }
  }

  private void thaw(Fd directory) throws ErrnoException {
    // If it is not frozen, somebody thawed it by hand.
    unless(Errno.EINVAL, () -> kernel.files().thaw(directory));
  }

  /**
   * Thaws a volume that nobody holds any more: otherwise, a file system frozen by a killed process
   * would block forever and keep the device.
   */
  void end(DriverOperation operation, VolumeHome home) {
    if (mount.stands(operation, home)) {
      operation.run(CANNOT_THAW, () -> thawUnwanted(home));
    }
  }

  private void thawUnwanted(VolumeHome home) throws ErrnoException, IOException {
    if (FreezeLock.isFree(home)) {
      try (Fd directory = open(home)) {
        thaw(directory);
      }
    }
  }

  private interface Call {
    void run() throws ErrnoException;
  }

  private static void unless(int errno, Call call) throws ErrnoException {
    try {
      call.run();
    } catch (ErrnoException e) {
      if (e.errno() != errno) {
        throw e;
      }
    }
  }
}
