package dev.keg.backup.save;

import dev.keg.driver.Freezes;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.BackupException.BackupFailed;
import dev.keg.registry.RegistryLock;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volumeset.View;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A volume's data that does not change while it is read. If its driver or its file system can make
 * a quick copy, the copy is read. Otherwise its file system is frozen, for a limited time, because
 * programs that write to it must wait.
 */
final class FrozenVolume implements AutoCloseable {
  private final Freezes.Frozen frozen;
  private final CountDownLatch read = new CountDownLatch(1);
  private final Thread guard;
  private boolean thawed;
  private boolean early;
  private @Nullable RuntimeException failure;

  private FrozenVolume(Freezes.Frozen frozen, Duration limit) {
    this.frozen = frozen;
    this.guard = Thread.ofPlatform().daemon().name("keg-thaw").unstarted(() -> thawAfter(limit));
  }

  /** Does the work on the data; returns the limit if it was reached before the work was done. */
  static Optional<Duration> read(
      BackupContext context, View view, Duration limit, Consumer<Path> work) {
    Volume volume = view.volume();
    VolumeDriver driver = context.driver("backup", volume);
    if (driver instanceof Freezes freezing) {
      return read(context, freezing, view, limit, work);
    }
    if (!driver.alwaysVisible(volume)) {
      throw cannot(volume, "driver '%s' cannot freeze a volume".formatted(volume.driver()));
    }
    if (!new SubvolumeSnapshot(context, volume, driver).read(work)) {
      throw cannot(volume, "its directory is not a btrfs subvolume that can be copied as a whole");
    }
    return Optional.empty();
  }

  private static BackupFailed cannot(Volume volume, String why) {
    return new BackupFailed(
        volume.name().text(), why, "stop the writers with --pre, and start them with --post");
  }

  private static Optional<Duration> read(
      BackupContext context, Freezes driver, View view, Duration limit, Consumer<Path> work) {
    Volume volume = view.volume();
    VolumeHome home = context.home(volume);
    RegistryLock lock = context.registry().lock();
    Optional<Freezes.Copy> copied;
    try (var _ = lock.lock(volume.name())) {
      copied = driver.copy(volume, home, limit);
    }
    if (copied.isPresent()) {
      try (Freezes.Copy copy = copied.get()) {
        copy.read(work);
      }
      return Optional.empty();
    }
    FrozenVolume still;
    try (var _ = lock.lock(volume.name())) {
      still = new FrozenVolume(driver.freeze(volume, home), limit);
    }
    try (still) {
      still.guard.start();
      work.accept(view.data());
    }
    return still.early ? Optional.of(limit) : Optional.empty();
  }

  private void thawAfter(Duration limit) {
    try {
      Duration left = limit.minus(frozen.waited());
      if (!read.await(left.toNanos(), TimeUnit.NANOSECONDS)) {
        thaw(true);
      }
    } catch (InterruptedException _) {
      // Nobody interrupts this thread; the reader thaws the file system in any case.
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /** Takes no lock: a command that has the volume's lock may wait until it can write. */
  private synchronized void thaw(boolean atLimit) {
    if (!thawed) {
      thawed = true;
      early = atLimit;
      frozen.close();
    }
  }

  @Override
  public void close() {
    // A file system must not stay frozen because reading was interrupted.
    var _ = Thread.interrupted();
    read.countDown();
    thaw(false);
    awaitGuard();
    if (failure != null) {
      throw failure;
    }
  }

  private void awaitGuard() {
    try {
      guard.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
