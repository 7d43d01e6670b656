package dev.keg.linux.loop;

import dev.keg.driver.Freezes.Frozen;
import dev.keg.linux.driver.DataMount;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemCalls.OpenMode;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools.Companion;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * Pauses writes, so that the image is as consistent as after an unmount. Several processes may need
 * this at once; the last one resumes writing.
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

  /** Freezes the volume; does nothing if it is not mounted. */
  Frozen freeze(DriverOperation operation, VolumeHome home) {
    if (!mount.isMounted(operation, home)) {
      return () -> {};
    }
    // Keeping it open prevents an unmount and guarantees that this file system is the one thawed.
    Fd directory = operation.get(CANNOT_FREEZE, () -> open(home));
    try {
      Companion guard = operation.get(CANNOT_FREEZE, () -> FreezeGuard.start(kernel.tools(), home));
      return frozen(operation, directory, home, guard);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private Fd open(VolumeHome home) throws ErrnoException {
    return kernel.files().open(home.data(), OpenMode.READ);
  }

  private Frozen frozen(DriverOperation operation, Fd directory, VolumeHome home, Companion guard) {
    Held held;
    try {
      held = operation.get(CANNOT_FREEZE, () -> freeze(directory, home));
    } catch (RuntimeException e) {
      guard.close();
      throw e;
    }
    return new Frozen() {
      @Override
      public Duration waited() {
        return Duration.between(held.since(), Instant.now());
      }

      @Override
      public void close() {
        operation.run(CANNOT_THAW, () -> thaw(directory, held.lock()));
        // If that fails, the guard thaws when this process ends.
        guard.close();
      }
    };
  }

  /** The lock of a frozen file system. */
  private record Held(FreezeLock lock, Instant since) {}

  private Held freeze(Fd directory, VolumeHome home)
      throws ErrnoException, ToolException, IOException {
    FreezeLock lock = FreezeLock.open(home);
    try {
      boolean others = lock.share();
      if (!others) {
        prepare(directory, home);
      }
      Instant now = Instant.now();
      if (freeze(directory) || !others) {
        lock.begin(now);
      }
      return new Held(lock, lock.begun(now));
    } catch (ErrnoException | ToolException | IOException | RuntimeException e) {
      giveUp(directory, lock, home, e);
      throw e;
    }
  }

  /**
   * Writes back what is dirty, because writers would wait for that too. The file system must not be
   * frozen then, so what a killed process left frozen is thawed first.
   */
  private void prepare(Fd directory, VolumeHome home) throws ErrnoException, ToolException {
    thaw(directory);
    var _ = kernel.tools().run(Tool.of("sync", "--file-system", home.data().toString()));
  }

  /** Returns false if it is frozen already, as for another living process. */
  private boolean freeze(Fd directory) throws ErrnoException {
    try {
      kernel.files().freeze(directory);
      return true;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EBUSY) {
        return false;
      }
      throw e;
    }
  }

  /** Others that left meanwhile relied on this process to thaw. */
  private void giveUp(Fd directory, FreezeLock lock, VolumeHome home, Exception failure) {
    try {
      lock.close();
      if (FreezeLock.isFree(home)) {
        thaw(directory);
      }
    } catch (ErrnoException | IOException e) {
      failure.addSuppressed(e);
    }
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
    try {
      kernel.files().thaw(directory);
    } catch (ErrnoException e) {
      // If it is not frozen, somebody thawed it by hand.
      if (e.errno() != Errno.EINVAL) {
        throw e;
      }
    }
  }

  /**
   * Thaws a volume that nobody holds frozen any more: a file system that a killed process froze
   * would block its users forever and keep the device busy.
   */
  void end(DriverOperation operation, VolumeHome home) {
    if (mount.isMounted(operation, home)) {
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
}
