package dev.keg.linux.loop;

import dev.keg.driver.Secrets;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.InvalidInput.InvalidSize;
import dev.keg.linux.driver.DataMount;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Changes the size of a volume. Growing goes from the outside in and shrinking from the inside out,
 * so that the file system is never larger than its image or mapping, even if this is killed. The
 * next try completes it.
 */
final class Resizing {
  private final Kernel kernel;
  private final DataMount mount;
  private final Devices devices;
  private final Secrets secrets;

  Resizing(Kernel kernel, DataMount mount, Devices devices, Secrets secrets) {
    this.kernel = kernel;
    this.mount = mount;
    this.devices = devices;
    this.secrets = secrets;
  }

  Options run(Volume volume, VolumeHome home, LoopOptions options, Size wanted) {
    DriverOperation operation = new DriverOperation("resize", volume.name());
    Size size = LoopOptions.rounded(wanted);
    if (size.compareTo(options.fileSystem().smallest()) < 0) {
      throw new InvalidSize(
          "resize %s: %s needs at least %s"
              .formatted(
                  volume.name(),
                  options.fileSystem().word(),
                  options.fileSystem().smallest().humanBinary()));
    }
    LoopImage image = LoopImage.in(home, kernel);
    operation.run(
        "cannot resize to " + size.humanBinary(),
        () -> {
          if (options.imageLength(size) < image.length()) {
            shrink(operation, home, options, size);
          } else {
            grow(operation, home, options, size);
          }
        });
    return volume.options().with("size", Long.toString(size.bytes()));
  }

  private void grow(DriverOperation operation, VolumeHome home, LoopOptions options, Size size)
      throws ErrnoException, ToolException, IOException {
    LoopImage image = LoopImage.in(home, kernel);
    image.resize(options.imageLength(size), options.full());
    if (mount.stands(operation, home)) {
      growMounted(home, options);
    } else if (options.fileSystem().resizesUnmounted() && options.encryption().isEmpty()) {
      options.fileSystem().resize(kernel.tools(), image.path(), size);
      image.sync();
    } else {
      during(
          operation,
          home,
          options,
          device -> {
            mount.mount(operation, home, LoopDriver.fileSystem(device, options));
            try {
              options.fileSystem().grow(kernel.tools(), device, home.data());
            } finally {
              mount.takeDown(operation, home);
            }
          });
    }
  }

  private void growMounted(VolumeHome home, LoopOptions options)
      throws ErrnoException, ToolException, IOException {
    LoopImage image = LoopImage.in(home, kernel);
    Path loop =
        kernel
            .loops()
            .of(image.path())
            .orElseThrow(() -> new IOException("the image has no loop device"));
    kernel.loops().updateCapacity(loop);
    Path device = loop;
    if (options.encryption().isPresent()) {
      String mapping = Devices.mapping(home);
      new Luks(kernel.tools()).resize(mapping);
      device = Luks.device(mapping);
    }
    options.fileSystem().grow(kernel.tools(), device, home.data());
  }

  private void shrink(DriverOperation operation, VolumeHome home, LoopOptions options, Size size)
      throws ErrnoException, ToolException, IOException {
    if (!options.fileSystem().resizesUnmounted()) {
      throw new NotSupported(
          "resize",
          operation.volume().text(),
          options.fileSystem().word()
              + " cannot shrink; create a smaller volume and copy the data");
    }
    if (mount.stands(operation, home)) {
      throw new NotSupported(
          "resize", operation.volume().text(), "it is mounted and can only grow; unmount it first");
    }
    LoopImage image = LoopImage.in(home, kernel);
    if (options.encryption().isEmpty()) {
      options.fileSystem().resize(kernel.tools(), image.path(), size);
    } else {
      during(
          operation,
          home,
          options,
          device -> options.fileSystem().resize(kernel.tools(), device, size));
    }
    image.sync();
    image.resize(options.imageLength(size), options.full());
  }

  private interface Use {
    void on(Path device) throws ErrnoException, ToolException, IOException;
  }

  private void during(DriverOperation operation, VolumeHome home, LoopOptions options, Use use)
      throws ErrnoException, ToolException, IOException {
    try (Devices.Device device = devices.open(operation, home, options, secrets)) {
      device.during(() -> use.on(device.path()));
    }
  }
}
