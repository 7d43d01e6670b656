package dev.keg.backup.save;

import dev.keg.driver.Freezes;
import dev.keg.driver.VolumeDriver;
import dev.keg.error.BackupException.BackupFailed;
import dev.keg.registry.RegistryLock;
import dev.keg.volume.Volume;
import dev.keg.volumeset.View;
import java.nio.file.Path;

/**
 * A volume's data that holds still while it is read, if that was asked for: its file system waits.
 */
final class FrozenVolume implements AutoCloseable {
  private final Path data;
  private final Runnable end;

  private FrozenVolume(Path data, Runnable end) {
    this.data = data;
    this.end = end;
  }

  static FrozenVolume of(BackupContext context, View view, boolean wanted) {
    if (!wanted) {
      return new FrozenVolume(view.data(), () -> {});
    }
    Volume volume = view.volume();
    RegistryLock lock = context.registry().lock();
    try (var _ = lock.lock(volume.name())) {
      return switch (context.driver("backup", volume)) {
        case Freezes driver -> {
          Freezes.Frozen frozen = driver.freeze(volume, context.home(volume));
          yield new FrozenVolume(view.data(), () -> locked(lock, volume, frozen::close));
        }
        case VolumeDriver _ ->
            throw new BackupFailed(
                volume.name().text(),
                "driver '%s' cannot freeze a volume".formatted(volume.driver()),
                "stop the writers with --pre, and start them with --post");
      };
    }
  }

  private static void locked(RegistryLock lock, Volume volume, Runnable work) {
    // A file system must not stay frozen because the reading was interrupted.
    var _ = Thread.interrupted();
    try (var _ = lock.lock(volume.name())) {
      work.run();
    }
  }

  Path data() {
    return data;
  }

  @Override
  public void close() {
    end.run();
  }
}
