package dev.keg.linux.loop;

import dev.keg.driver.Freezes.Frozen;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Snapshots.Shown;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.driver.Key;
import dev.keg.linux.driver.ShownLock;
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
 * Keeps copies of an image, which share its blocks if the host's file system supports it. The
 * volume is frozen only while it is copied.
 */
final class LoopSnapshots {
  private static final String SHOWN = "shown";

  private final Kernel kernel;
  private final Freezing freezing;
  private final ImageDevices devices;

  LoopSnapshots(Kernel kernel, Freezing freezing, ImageDevices devices) {
    this.kernel = kernel;
    this.freezing = freezing;
    this.devices = devices;
  }

  void make(DriverOperation operation, VolumeHome home, VolumeHome snapshot) {
    LoopImage from = LoopImage.in(home, kernel);
    LoopImage to = LoopImage.in(snapshot, kernel);
    operation.run("cannot write the image", from::sync); // so that freezing is short
    try (Frozen _ = freezing.freeze(operation, home)) {
      operation.run("cannot copy the image", () -> to.copyOf(from));
    }
    operation.run("cannot write the copy", to::sync);
  }

  /** Mounts the image privately. */
  Shown show(DriverOperation operation, MountRequest request) {
    LoopOptions options = LoopOptions.of(request.options());
    return operation.get(
        "cannot mount the snapshot",
        () ->
            ShownLock.during(
                request.home(),
                () -> {
                  try (OpenDevice opened = open(operation, request, options)) {
                    return opened.mounted(operation, options);
                  }
                }));
  }

  private OpenDevice open(DriverOperation operation, MountRequest request, LoopOptions options)
      throws ErrnoException, ToolException, IOException {
    return options.fileSystem().word().equals("btrfs")
        ? renewed(operation, request, options)
        : opened(operation, request, request.home(), options);
  }

  private OpenDevice opened(
      DriverOperation operation, MountRequest request, VolumeHome home, LoopOptions options)
      throws ErrnoException, ToolException, IOException {
    if (options.encryption().isPresent()) {
      try (Key key = Key.of(operation, options.encryption().get(), request.secrets())) {
        return new OpenDevice(devices.openCopy(operation, home, options, key));
      }
    }
    Path image = LoopImage.in(home, kernel).path();
    return new OpenDevice(devices.openImage(image, operation.volume()));
  }

  /**
   * Opens a copy with a new identity, because btrfs does not mount two file systems with the same
   * UUID. A file at the copy's path was left by a killed command.
   */
  private OpenDevice renewed(DriverOperation operation, MountRequest request, LoopOptions options)
      throws ErrnoException, ToolException, IOException {
    VolumeHome copy = new VolumeHome(request.home().file(SHOWN));
    LoopImage image = LoopImage.in(copy, kernel);
    delete(copy, image);
    Files.createDirectory(copy.path());
    try {
      image.copyOf(LoopImage.in(request.home(), kernel));
      OpenDevice opened = opened(operation, request, copy, options);
      renew(opened, options);
      return opened;
    } finally {
      delete(copy, image); // it lasts until its device is gone
    }
  }

  private static void delete(VolumeHome copy, LoopImage image) throws IOException {
    Files.deleteIfExists(image.path());
    Files.deleteIfExists(copy.path());
  }

  private void renew(OpenDevice copy, LoopOptions options) throws ToolException {
    boolean renewed = false;
    try {
      options.fileSystem().renew(kernel.tools(), copy.device.path());
      renewed = true;
    } finally {
      if (!renewed) {
        copy.close();
      }
    }
  }

  /** A device that is abandoned unless the mount takes it over. */
  private final class OpenDevice implements AutoCloseable {
    private final ImageDevices.Device device;
    private boolean taken;

    OpenDevice(ImageDevices.Device device) {
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
          operation.run("cannot close the mapping", OpenDevice.this::release);
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
