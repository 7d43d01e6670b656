package dev.keg.linux.loop;

import dev.keg.driver.Freezes.Frozen;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Snapshots.Shown;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.MountFlag;
import dev.keg.linux.mount.FileSystemMount;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Keeps copies of an image, which share its blocks where the host's file system can. The volume is
 * frozen only while it is copied.
 */
final class LoopSnapshots {
  private final Kernel kernel;
  private final Freezing freezing;
  private final Devices devices;

  LoopSnapshots(Kernel kernel, Freezing freezing, Devices devices) {
    this.kernel = kernel;
    this.freezing = freezing;
    this.devices = devices;
  }

  void make(DriverOperation operation, VolumeHome home, VolumeHome snapshot) {
    LoopImage from = LoopImage.in(home, kernel);
    LoopImage to = LoopImage.in(snapshot, kernel);
    operation.run("cannot write the image", from::sync); // so that freezing takes no time
    try (Frozen _ = freezing.freeze(operation, home)) {
      operation.run("cannot copy the image", () -> to.copyOf(from));
    }
    operation.run("cannot write the copy", to::sync);
  }

  /** Mounts the image where nobody else sees it. */
  Shown show(DriverOperation operation, MountRequest request) {
    LoopOptions options = LoopOptions.of(request.options());
    return operation.get(
        "cannot mount the snapshot",
        () -> {
          try (Opened opened = open(operation, request, options)) {
            return opened.mounted(operation, options);
          }
        });
  }

  private Opened open(DriverOperation operation, MountRequest request, LoopOptions options)
      throws ErrnoException, ToolException, IOException {
    VolumeHome home = request.home();
    if (options.encryption().isPresent()) {
      try (Key key = Key.of(operation, options.encryption().get(), request.secrets())) {
        return new Opened(devices.openCopy(operation, home, options, key));
      }
    }
    LoopImage image = LoopImage.in(home, kernel);
    return new Opened(
        options.fileSystem().word().equals("btrfs")
            ? renewed(operation, image, options)
            : devices.openImage(image.path(), operation.volume()));
  }

  /** Two equal ones of btrfs do not mount, so a copy gets an identity of its own. */
  private Devices.Device renewed(DriverOperation operation, LoopImage image, LoopOptions options)
      throws ErrnoException, ToolException, IOException {
    Path directory = Files.createTempDirectory(image.path().resolveSibling(""), "shown");
    LoopImage copy = new LoopImage(kernel, directory.resolve("disk.img"));
    try {
      copy.copyOf(image);
      options.fileSystem().renew(kernel.tools(), copy.path());
      return devices.openImage(copy.path(), operation.volume());
    } finally {
      Files.deleteIfExists(copy.path());
      Files.deleteIfExists(directory);
    }
  }

  /** A device, which is abandoned unless what is mounted of it takes it over. */
  private final class Opened implements AutoCloseable {
    private final Devices.Device device;
    private boolean taken;

    Opened(Devices.Device device) {
      this.device = device;
    }

    Shown mounted(DriverOperation operation, LoopOptions options) throws ErrnoException {
      FileSystemMount mount =
          new FileSystemMount(
              options.fileSystem().word(),
              device.path().toString(),
              Set.of(MountFlag.READ_ONLY),
              options.fileSystem().mountOptions(false));
      Fd root = kernel.mounts().open(mount);
      taken = true;
      return new Shown() {
        @Override
        public Path data() {
          return Path.of(root.path());
        }

        @Override
        public void close() {
          root.close();
          operation.run("cannot close the mapping", Opened.this::release);
        }
      };
    }

    private void release() throws ToolException {
      try (device) {
        device.abandon();
      }
    }

    @Override
    public void close() throws ToolException {
      if (!taken) {
        release();
      }
    }
  }
}
