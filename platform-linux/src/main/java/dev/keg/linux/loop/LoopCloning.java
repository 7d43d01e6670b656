package dev.keg.linux.loop;

import dev.keg.driver.CreateRequest;
import dev.keg.driver.DataDirectory;
import dev.keg.driver.Freezes.Frozen;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.driver.Key;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeHome;
import java.io.IOException;

/**
 * Copies an image by sharing its blocks, or else without its holes. The source is frozen meanwhile.
 */
final class LoopCloning {
  private final Kernel kernel;
  private final Freezing freezing;
  private final ImageDevices devices;

  LoopCloning(Kernel kernel, Freezing freezing, ImageDevices devices) {
    this.kernel = kernel;
    this.freezing = freezing;
    this.devices = devices;
  }

  void run(VolumeHome source, CreateRequest request) {
    DriverOperation operation = new DriverOperation("clone", request.volume().name());
    LoopOptions options = LoopOptions.of(request.options());
    new DataDirectory(request.volume().name(), request.home()).create(Ownership.DEFAULT);
    LoopImage from = LoopImage.in(source, kernel);
    LoopImage to = LoopImage.in(request.home(), kernel);
    try (Frozen _ = freezing.freeze(operation, source)) {
      operation.run("cannot copy the image", () -> to.copyOf(from));
    }
    operation.run(
        "cannot give the copy an identity of its own",
        () -> {
          renew(operation, request, options);
          to.sync();
        });
  }

  private void renew(DriverOperation operation, CreateRequest request, LoopOptions options)
      throws ErrnoException, ToolException, IOException {
    if (options.encryption().isEmpty()) {
      LoopImage image = LoopImage.in(request.home(), kernel);
      options.fileSystem().renew(kernel.tools(), image.path());
      return;
    }
    try (Key key = Key.of(operation, options.encryption().get(), request.secrets());
        ImageDevices.Device device = devices.openCopy(operation, request.home(), options, key)) {
      device.during(() -> options.fileSystem().renew(kernel.tools(), device.path()));
    }
  }
}
