package dev.keg.linux.loop;

import dev.keg.driver.Freezes.Frozen;
import dev.keg.linux.Attempt;
import dev.keg.linux.DataMount;
import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemCalls.OpenMode;
import dev.keg.linux.kernel.Kernel;
import dev.keg.volume.VolumeHome;

/** Stops writing for a moment, so that the image is one that could have been unmounted. */
final class Freezing {
  private final Kernel kernel;
  private final DataMount mount;

  Freezing(Kernel kernel, DataMount mount) {
    this.kernel = kernel;
    this.mount = mount;
  }

  /** A volume that is not mounted is still anyway. */
  Frozen freeze(Attempt attempt, VolumeHome home) {
    if (!mount.stands(attempt, home)) {
      return () -> {};
    }
    attempt.run("cannot freeze the file system", () -> on(home, kernel.files()::freeze));
    return () -> attempt.run("cannot thaw the file system", () -> on(home, kernel.files()::thaw));
  }

  /**
   * For a volume that nobody holds any more: what a process froze that was then killed would wait
   * for ever, and keep the device.
   */
  void end(Attempt attempt, VolumeHome home) {
    if (mount.stands(attempt, home)) {
      attempt.run("cannot thaw the file system", () -> on(home, kernel.files()::thaw));
    }
  }

  private interface Call {
    void on(Fd directory) throws ErrnoException;
  }

  // The lock is held, so a file system that is frozen already was left so by a process that was
  // killed (EBUSY), and becomes ours; one that is not frozen any more was thawed by hand (EINVAL).
  private void on(VolumeHome home, Call call) throws ErrnoException {
    try (Fd directory = kernel.files().open(home.data(), OpenMode.READ)) {
      call.on(directory);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EBUSY && e.errno() != Errno.EINVAL) {
        throw e;
      }
    }
  }
}
