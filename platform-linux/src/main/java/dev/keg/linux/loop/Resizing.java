package dev.keg.linux.loop;

import dev.keg.driver.Secrets;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.InvalidInput.InvalidSize;
import dev.keg.file.DirectorySync;
import dev.keg.linux.driver.DataMount;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.driver.Key;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Changes the size of a volume. Growing proceeds from the outside in, so that the file system is
 * never larger than its image or mapping; the kernel grows it, and if this is killed, the next
 * attempt completes it. Programs that change an unmounted file system break it if they are killed,
 * so they work on a copy, which then replaces the image.
 */
final class Resizing {
  private static final String COPY = "resizing";

  // The pause doubles from one millisecond, so the sum is half a second.
  private static final int LONGEST_PAUSE_MS = 256;

  private final Kernel kernel;
  private final DataMount mount;
  private final ImageDevices devices;
  private final Secrets secrets;

  Resizing(Kernel kernel, DataMount mount, ImageDevices devices, Secrets secrets) {
    this.kernel = kernel;
    this.mount = mount;
    this.devices = devices;
    this.secrets = secrets;
  }

  Options run(Volume volume, VolumeHome home, LoopOptions options, Size wanted) {
    DriverOperation operation = new DriverOperation("resize", volume.name());
    Size size = LoopOptions.rounded(wanted);
    requireRoom(volume, options, size, options.fileSystem().smallest());
    LoopImage image = LoopImage.in(home, kernel);
    operation.run(
        "cannot resize to " + size.humanBinary(),
        () -> {
          if (options.imageLength(size) < image.length()) {
            requireRoom(volume, options, size, options.fileSystem().leastShrunk());
            shrink(operation, home, options, size);
          } else {
            grow(operation, home, options, size);
          }
        });
    return volume.options().with("size", Long.toString(size.bytes()));
  }

  private static void requireRoom(Volume volume, LoopOptions options, Size size, Size least) {
    if (size.compareTo(least) < 0) {
      throw new InvalidSize(
          "resize %s: %s needs at least %s"
              .formatted(volume.name(), options.fileSystem().word(), least.humanBinary()));
    }
  }

  private void grow(DriverOperation operation, VolumeHome home, LoopOptions options, Size size)
      throws ErrnoException, ToolException, IOException {
    LoopImage image = LoopImage.in(home, kernel);
    image.resize(options.imageLength(size), options.full());
    if (mount.isMounted(operation, home)) {
      if (!growMounted(home, options)) {
        throw operation.failed(
            "cannot resize to " + size.humanBinary(),
            "Linux grows a mounted ext4 only with CAP_SYS_RESOURCE",
            "unmount it first, or run it again with CAP_SYS_RESOURCE; that completes the resize",
            null);
      }
    } else if (!whileMounted(
        operation,
        home,
        options,
        device -> options.fileSystem().grow(kernel.tools(), device, home.data()))) {
      resizeCopy(operation, home, options, size);
    }
  }

  /** A change to the file system of an unmounted volume, which is mounted for it. */
  private interface Change {
    boolean on(Path device) throws ToolException;
  }

  private boolean whileMounted(
      DriverOperation operation, VolumeHome home, LoopOptions options, Change change)
      throws ErrnoException, ToolException, IOException {
    devices.release(home, options); // a mapping that a killed command left still has the old length
    try (ImageDevices.Device device = devices.open(operation, home, options, secrets)) {
      return device.getDuring(
          () -> {
            mount.mount(operation, home, LoopDriver.fileSystem(device.path(), options));
            try {
              return change.on(device.path());
            } finally {
              mount.takeDown(operation, home);
            }
          });
    }
  }

  private boolean growMounted(VolumeHome home, LoopOptions options)
      throws ErrnoException, ToolException, IOException {
    return options.fileSystem().grow(kernel.tools(), followImage(home, options), home.data());
  }

  /** Updates the devices of a mounted volume to the current length of its image. */
  private Path followImage(VolumeHome home, LoopOptions options)
      throws ErrnoException, ToolException, IOException {
    LoopImage image = LoopImage.in(home, kernel);
    Path loop =
        kernel
            .loops()
            .of(image.path())
            .orElseThrow(() -> new IOException("the image has no loop device"));
    kernel.loops().updateCapacity(loop);
    if (options.encryption().isEmpty()) {
      return loop;
    }
    String mapping = ImageDevices.mapping(home);
    new Luks(kernel.tools()).resize(mapping);
    return Luks.device(mapping);
  }

  /** Shrinks from the inside out; if this is killed, the image is merely longer than necessary. */
  private void shrinkMounted(
      DriverOperation operation, VolumeHome home, LoopOptions options, Size size)
      throws ErrnoException, ToolException, IOException {
    boolean mounted = mount.isMounted(operation, home);
    if (mounted) {
      options.fileSystem().shrink(kernel.tools(), home.data(), size);
    } else {
      boolean _ =
          whileMounted(
              operation,
              home,
              options,
              _ -> {
                options.fileSystem().shrink(kernel.tools(), home.data(), size);
                return true;
              });
    }
    LoopImage.in(home, kernel).resize(options.imageLength(size), options.full());
    if (mounted) {
      Path _ = followImage(home, options);
    }
  }

  private void shrink(DriverOperation operation, VolumeHome home, LoopOptions options, Size size)
      throws ErrnoException, ToolException, IOException {
    if (options.fileSystem().shrinksMounted()) {
      shrinkMounted(operation, home, options, size);
      return;
    }
    if (!options.fileSystem().resizesUnmounted()) {
      throw new NotSupported(
          "resize",
          operation.volume().text(),
          options.fileSystem().word()
              + " cannot shrink; create a smaller volume and copy the data");
    }
    if (mount.isMounted(operation, home)) {
      throw new NotSupported(
          "resize", operation.volume().text(), "it is mounted and can only grow; unmount it first");
    }
    resizeCopy(operation, home, options, size);
  }

  private void resizeCopy(
      DriverOperation operation, VolumeHome home, LoopOptions options, Size size)
      throws ErrnoException, ToolException, IOException {
    requireUnused(operation, home, options);
    discardCopy(home);
    VolumeHome draft = new VolumeHome(Files.createDirectory(home.file(COPY)));
    LoopImage image = LoopImage.in(home, kernel);
    LoopImage copy = LoopImage.in(draft, kernel);
    try {
      copy(image, copy);
      resizeFileSystem(operation, draft, options, size);
      copy.resize(options.imageLength(size), options.full());
      Files.move(copy.path(), image.path(), StandardCopyOption.ATOMIC_MOVE);
      DirectorySync.FSYNC.sync(home.path());
    } finally {
      discardCopy(home);
    }
  }

  /**
   * Fails if anything has the old image open, such as a mapping that a killed command left or a
   * hidden mount: it would keep using the old image after the copy replaces it, and its writes
   * would be lost.
   */
  private void requireUnused(DriverOperation operation, VolumeHome home, LoopOptions options)
      throws ToolException, IOException {
    devices.release(home, options);
    Path image = LoopImage.in(home, kernel).path();
    Optional<Path> device = kernel.loops().of(image);
    // A device stays for a moment after its last user.
    for (int pause = 1; device.isPresent() && pause <= LONGEST_PAUSE_MS; pause *= 2) {
      LockSupport.parkNanos(Duration.ofMillis(pause).toNanos());
      device = kernel.loops().of(image);
    }
    if (device.isPresent()) {
      throw operation.failed(
          "cannot replace the image",
          "%s still shows it".formatted(device.get()),
          "stop what uses it: a process that had files open when it was unmounted with --lazy, or"
              + " a mount in another namespace",
          null);
    }
  }

  private static void copy(LoopImage image, LoopImage copy)
      throws ErrnoException, ToolException, IOException {
    try {
      copy.copyOf(image);
    } catch (ToolException e) {
      throw e.withHint(
          "free space beside %s: a copy of it is resized, so that nothing is lost if that fails"
              .formatted(image.path()));
    }
  }

  private void resizeFileSystem(
      DriverOperation operation, VolumeHome home, LoopOptions options, Size size)
      throws ErrnoException, ToolException, IOException {
    if (options.encryption().isEmpty()) {
      options.fileSystem().resize(kernel.tools(), LoopImage.in(home, kernel).path(), size);
      return;
    }
    try (Key key = Key.of(operation, options.encryption().get(), secrets);
        ImageDevices.Device device = devices.openCopy(operation, home, options, key)) {
      device.during(() -> options.fileSystem().resize(kernel.tools(), device.path(), size));
    }
  }

  /** Deletes the copy that a killed command left. */
  static void discardCopy(VolumeHome home) throws IOException {
    VolumeHome copy = new VolumeHome(home.file(COPY));
    Files.deleteIfExists(copy.file("disk.img"));
    Files.deleteIfExists(copy.path());
  }
}
