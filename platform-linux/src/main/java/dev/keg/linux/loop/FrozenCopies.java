package dev.keg.linux.loop;

import dev.keg.driver.Freezes.Copy;
import dev.keg.driver.Freezes.Frozen;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.MountFlag;
import dev.keg.linux.mount.FileSystemMount;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Copies an image by sharing its blocks, if the file system that stores it supports that, and
 * mounts the copy privately. The volume is frozen only while it is copied. The copy is unlinked at
 * once, so it disappears with the process that reads it.
 */
final class FrozenCopies {
  private static final String COPY = "frozen.img";

  private final Kernel kernel;
  private final Freezing freezing;
  private final ImageDevices devices;

  FrozenCopies(Kernel kernel, Freezing freezing, ImageDevices devices) {
    this.kernel = kernel;
    this.freezing = freezing;
    this.devices = devices;
  }

  /**
   * Empty if no such copy is possible within the limit, after which the volume is thawed. Call it
   * with the volume's lock.
   */
  Optional<Copy> make(
      DriverOperation operation, VolumeHome home, LoopOptions options, Duration limit) {
    // Only the kernel has the key of an encrypted image, and btrfs does not mount two file systems
    // with the same UUID.
    if (options.encryption().isPresent() || options.fileSystem().word().equals("btrfs")) {
      return Optional.empty();
    }
    Path copy = home.file(COPY);
    return operation.get(
        "cannot copy the image",
        () -> {
          Files.deleteIfExists(copy); // a killed process may have left it
          try {
            return isShared(operation, home, copy, limit)
                ? Optional.of(opened(operation, copy, options))
                : Optional.empty();
          } finally {
            Files.deleteIfExists(copy);
          }
        });
  }

  /** Tries it without freezing first, so that nobody waits in vain. */
  private boolean isShared(DriverOperation operation, VolumeHome home, Path copy, Duration limit)
      throws IOException {
    LoopImage image = LoopImage.in(home, kernel);
    image.sync();
    if (!share(image, copy, limit)) {
      return false;
    }
    Files.deleteIfExists(copy);
    try (Frozen frozen = freezing.freeze(operation, home)) {
      return share(image, copy, limit.minus(frozen.waited()));
    }
  }

  private boolean share(LoopImage image, Path copy, Duration limit) {
    Tool cp = Tool.of("cp", "--reflink=always", "--", image.path().toString(), copy.toString());
    try {
      var _ = kernel.tools().run(cp.withLimit(limit));
      return true;
    } catch (ToolException _) {
      return false;
    }
  }

  private Copy opened(DriverOperation operation, Path copy, LoopOptions options)
      throws IOException {
    ImageDevices.Device device = operation.get(() -> devices.openImage(copy, operation.volume()));
    FileSystemMount mount =
        new FileSystemMount(
            options.fileSystem().word(),
            device.path().toString(),
            Set.of(MountFlag.READ_ONLY),
            options.fileSystem().mountOptions(false));
    return new Copy() {
      @Override
      public void read(Consumer<Path> work) {
        operation.run("cannot mount the copy", () -> kernel.mounts().inside(mount, work::accept));
      }

      @Override
      public void close() {
        device.close();
      }
    };
  }
}
