package dev.keg.linux.loop;

import dev.keg.driver.Secrets;
import dev.keg.linux.driver.DriverOperation;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.driver.Key;
import dev.keg.linux.driver.LoopDevices.LoopDevice;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.LoopSettings;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Attaches images to block devices: a loop device and, for an encrypted image, a mapping on top.
 */
final class ImageDevices {
  private static final String MAPPING = "keg-";

  private final Kernel kernel;
  private final Luks luks;

  ImageDevices(Kernel kernel) {
    this.kernel = kernel;
    this.luks = new Luks(kernel.tools());
  }

  /** The name of a volume's mapping on this machine; derived only from the path of the home. */
  static String mapping(VolumeHome home) throws IOException {
    Path volumes = Objects.requireNonNull(home.path().getParent()).toRealPath();
    String place = volumes.resolve(home.path().getFileName()).toString();
    return MAPPING + UUID.nameUUIDFromBytes(place.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether the name is that of one of Keg's mappings, including temporary ones. */
  static boolean isMapping(String name) {
    return name.startsWith(MAPPING);
  }

  /**
   * An open device. After closing, a loop device lasts as long as it has another user; a mapping
   * stays until it is abandoned.
   */
  final class Device implements AutoCloseable {
    private final Path path;
    private final @Nullable LoopDevice loop;
    private final @Nullable String mapping;

    private Device(Path path, @Nullable LoopDevice loop, @Nullable String mapping) {
      this.path = path;
      this.loop = loop;
      this.mapping = mapping;
    }

    Path path() {
      return path;
    }

    /** Closes the mapping, too, which otherwise stays. */
    void abandon() throws ToolException {
      if (mapping != null) {
        luks.close(mapping);
      }
    }

    /** Runs the action, then closes the mapping in any case. */
    void during(DriverOperation.Action action) throws ErrnoException, ToolException, IOException {
      boolean _ =
          getDuring(
              () -> {
                action.run();
                return true;
              });
    }

    /** The same for an action with a result. */
    <T> T getDuring(DriverOperation.Call<T> call)
        throws ErrnoException, ToolException, IOException {
      T result;
      try {
        result = call.run();
      } catch (ErrnoException | ToolException | IOException | RuntimeException e) {
        try {
          abandon();
        } catch (ToolException undo) {
          e.addSuppressed(undo);
        }
        throw e;
      }
      abandon();
      return result;
    }

    @Override
    public void close() {
      if (loop != null) {
        loop.close();
      }
    }
  }

  /** Opens the volume's device; an existing mapping needs no key. */
  Device open(DriverOperation operation, VolumeHome home, LoopOptions options, Secrets secrets)
      throws ErrnoException, ToolException, IOException {
    if (options.encryption().isEmpty()) {
      LoopDevice loop = attach(operation, home, options);
      return new Device(loop.path(), loop, null);
    }
    String mapping = mapping(home);
    if (luks.isOpen(mapping)) {
      return new Device(Luks.device(mapping), null, mapping);
    }
    try (Key key = Key.of(operation, options.encryption().get(), secrets)) {
      return map(operation, home, options, mapping, key);
    }
  }

  /**
   * Formats an image for encryption and opens its device. The mapping is named after this process,
   * since the home is not at its final path yet. Also removes the mappings of killed processes.
   */
  Device openNew(DriverOperation operation, VolumeHome home, LoopOptions options, Key key)
      throws ErrnoException, ToolException, IOException {
    luks.format(operation, LoopImage.in(home, kernel).path(), key);
    return openCopy(operation, home, options, key);
  }

  /** The same for an already formatted image. */
  Device openCopy(DriverOperation operation, VolumeHome home, LoopOptions options, Key key)
      throws ErrnoException, ToolException, IOException {
    luks.closeAbandoned();
    return map(operation, home, options, Luks.ownMapping(), key);
  }

  private Device map(
      DriverOperation operation, VolumeHome home, LoopOptions options, String mapping, Key key)
      throws ErrnoException, ToolException, IOException {
    LoopDevice loop = attach(operation, home, options);
    boolean opened = false;
    try {
      luks.open(operation, loop.path(), mapping, key, options.manyWrites());
      opened = true;
      return new Device(Luks.device(mapping), loop, mapping);
    } finally {
      if (!opened) {
        loop.close();
      }
    }
  }

  private LoopDevice attach(DriverOperation operation, VolumeHome home, LoopOptions options)
      throws ErrnoException, IOException {
    Path image = LoopImage.in(home, kernel).path();
    if (!Files.isRegularFile(image)) {
      throw operation.failed("its image is missing", image.toString(), null, null);
    }
    String name = "keg " + operation.volume();
    try {
      boolean direct = options.directIo() != LoopOptions.DirectIo.OFF;
      return kernel.loops().attach(image, new LoopSettings(false, true, direct, 0, name));
    } catch (ErrnoException e) {
      if (options.directIo() != LoopOptions.DirectIo.IF_POSSIBLE) {
        throw e;
      }
      return kernel.loops().attach(image, new LoopSettings(false, true, false, 0, name));
    }
  }

  /** Attaches an image that belongs to no volume; the device disappears with its last user. */
  Device openImage(Path image, VolumeName volume) throws ErrnoException, IOException {
    LoopDevice loop =
        kernel.loops().attach(image, new LoopSettings(false, true, false, 0, "keg " + volume));
    return new Device(loop.path(), loop, null);
  }

  /** Closes the mapping of an unmounted volume. */
  void release(VolumeHome home, LoopOptions options) throws ToolException, IOException {
    if (options.encryption().isPresent()) {
      String mapping = mapping(home);
      if (luks.isOpen(mapping)) {
        luks.close(mapping);
      }
    }
  }
}
