package dev.keg.linux.overlay;

import dev.keg.driver.Snapshots.Shown;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.FaithfulCopy;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.kernel.MountFlag;
import dev.keg.linux.mount.FileSystemMount;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Keeps copies of an upper layer, which share its blocks if the host's file system supports it. The
 * markers for deleted and replaced files are copied like other files.
 */
record OverlaySnapshots(Kernel kernel) {
  void make(DriverOperation operation, Path upper, Path snapshot) {
    operation.run(
        "cannot copy what differs from its lower volume", () -> FaithfulCopy.run(upper, snapshot));
  }

  /** Mounts the layers privately; without an upper layer, the mount is read-only. */
  Shown show(DriverOperation operation, List<FileSystemOption> layers) {
    FileSystemMount mount =
        new FileSystemMount("overlay", "overlay", Set.of(MountFlag.READ_ONLY), layers);
    Fd root = operation.get("cannot mount the snapshot", () -> kernel.mounts().open(mount));
    return new Shown() {
      @Override
      public Path data() {
        return Path.of(root.path());
      }

      @Override
      public void close() {
        root.close();
      }
    };
  }
}
