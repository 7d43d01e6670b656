package dev.keg.linux.loop;

import dev.keg.driver.Secrets;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.linux.driver.DataMount;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;

/** Frees the blocks of an image that its file system no longer uses, with fstrim(8). */
final class Compacting {
  private final Kernel kernel;
  private final DataMount mount;
  private final ImageDevices devices;

  Compacting(Kernel kernel, DataMount mount, ImageDevices devices) {
    this.kernel = kernel;
    this.mount = mount;
    this.devices = devices;
  }

  void run(VolumeName volume, VolumeHome home, LoopOptions options) {
    DriverOperation operation = new DriverOperation("compact", volume);
    if (options.full()) {
      throw new NotSupported(
          "compact",
          volume.text(),
          "it occupies all of its space on purpose (allocate=full or iops)");
    }
    // The mapping is opened without --allow-discards, since holes would reveal which blocks are
    // free.
    if (options.encryption().isPresent()) {
      throw new NotSupported(
          "compact", volume.text(), "it is encrypted and does not reveal its free space");
    }
    operation.run(
        "cannot free unused space",
        () -> {
          if (mount.isMounted(operation, home)) {
            trim(home.data());
          } else {
            trimUnmounted(operation, home, options);
          }
          LoopImage.in(home, kernel).sync();
        });
  }

  private void trimUnmounted(DriverOperation operation, VolumeHome home, LoopOptions options)
      throws ErrnoException, ToolException, IOException {
    try (ImageDevices.Device device = devices.open(operation, home, options, Secrets.NONE)) {
      mount.mount(operation, home, LoopDriver.fileSystem(device.path(), options));
      try {
        trim(home.data());
      } finally {
        mount.takeDown(operation, home);
      }
    }
  }

  // Deleted blocks become free only once the deletion is on disk.
  private void trim(Path mountPoint) throws ToolException {
    var _ = kernel.tools().run(Tool.of("sync", "--file-system", mountPoint.toString()));
    var _ = kernel.tools().run(Tool.of("fstrim", mountPoint.toString()).patiently());
  }
}
