package dev.keg.warming;

import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.file.Throttle;
import dev.keg.lifecycle.Overview;
import dev.keg.lifecycle.Volumes;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileTrees;
import dev.keg.tree.TreeListener;
import dev.keg.volume.VolumeName;
import dev.keg.volume.VolumeStatus;
import dev.keg.volumeset.View;
import dev.keg.volumeset.Views;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.locks.LockSupport;

/** Reads volumes into memory. */
public final class Warming {
  private final Volumes volumes;
  private final Views views;
  private final FileTrees trees;
  private final InstantSource clock;

  public Warming(Volumes volumes, Views views, FileTrees trees, InstantSource clock) {
    this.volumes = volumes;
    this.views = views;
    this.trees = trees;
    this.clock = clock;
  }

  /**
   * Reads the files of a volume that somebody has mounted, since the system drops cached data with
   * the last mount. For a machine's disk, reads its file.
   *
   * @param path a file or directory in it; empty for all of it
   * @param bytesPerSecond the rate limit; zero for none
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public Warmed warm(String text, String path, long bytesPerSecond, TreeListener listener) {
    VolumeName name = volumes.nameOf(text).orElseThrow(() -> NotFound.ofVolume("warm", text));
    if (!volumes.exists(name.text())) {
      throw NotFound.ofVolume("warm", text);
    }
    TreeWarmer warmer = new TreeWarmer(trees, throttle(bytesPerSecond), listener);
    Overview overview = volumes.inspect(name.text()).overview();
    if (overview.status() == VolumeStatus.ATTACHED) {
      return warmDisk(overview, path, warmer);
    }
    if (volumes.visible(name).isEmpty()) {
      throw new DriverFailed(
          "warm",
          text,
          "the volume is not mounted",
          "mount it first with `keg mount %s`; the system drops what it has read at the last unmount"
              .formatted(text),
          null);
    }
    try (View view = views.open("warm", name)) {
      return warmer
          .warm(view.data(), ByteString.utf8(path))
          .orElseThrow(
              () ->
                  new FileFailure(
                      "warm " + text, path, "no such file or directory in the volume", null));
    }
  }

  // Its files are not visible here, but the machine may read the disk through the host's cache.
  private static Warmed warmDisk(Overview overview, String path, TreeWarmer warmer) {
    String name = overview.volume().name().text();
    if (!path.isEmpty()) {
      throw new DriverFailed(
          "warm",
          name,
          "a machine has its disk, so the files on it are not visible here",
          "leave the path out, to read the disk itself",
          null);
    }
    Path disk = overview.path();
    return warmer
        .warm(disk.resolveSibling(""), ByteString.utf8(disk.getFileName().toString()))
        .orElseThrow(() -> new FileFailure("warm " + name, disk.toString(), "no such file", null));
  }

  private Throttle throttle(long bytesPerSecond) {
    return new Throttle(
        bytesPerSecond,
        () -> ChronoUnit.NANOS.between(Instant.EPOCH, clock.instant()),
        time -> LockSupport.parkNanos(time.toNanos()));
  }
}
