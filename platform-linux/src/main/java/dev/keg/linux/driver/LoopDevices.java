package dev.keg.linux.driver;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemCalls;
import dev.keg.linux.kernel.FileSystemCalls.OpenMode;
import dev.keg.linux.kernel.LoopCalls;
import dev.keg.linux.kernel.LoopSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Attaches files to loop devices. */
public final class LoopDevices {
  private static final Path CONTROL = Path.of("/dev/loop-control");
  private static final int ATTEMPTS = 64;

  private final LoopCalls calls;
  private final FileSystemCalls files;

  public LoopDevices(LoopCalls calls, FileSystemCalls files) {
    this.calls = calls;
    this.files = files;
  }

  /**
   * A configured loop device. It lasts while this is open, and afterwards as long as it has another
   * user, such as a mount.
   */
  public record LoopDevice(Path path, Fd open) implements AutoCloseable {
    @Override
    public void close() {
      open.close();
    }
  }

  /**
   * Attaches the image to a free device. With {@code autoclear} the kernel frees the device after
   * its last use.
   */
  public LoopDevice attach(Path image, LoopSettings settings) throws ErrnoException, IOException {
    OpenMode mode = settings.readOnly() ? OpenMode.READ : OpenMode.READ_WRITE;
    try (Fd file = files.open(image, mode);
        Fd control = open(CONTROL, CONTROL + " is missing; modprobe loop creates it")) {
      // Another process may take the device before it is configured; then try the next one.
      for (int attempt = 1; ; attempt++) {
        Optional<LoopDevice> device = take(free(control), file, settings, attempt);
        if (device.isPresent()) {
          return device.get();
        }
      }
    }
  }

  private int free(Fd control) throws ErrnoException {
    try {
      return calls.free(control);
    } catch (ErrnoException e) {
      throw e.errno() == Errno.ENOSPC ? e.because("all loop devices are in use") : e;
    }
  }

  private Fd open(Path device, String ifMissing) throws ErrnoException {
    try {
      return files.open(device, OpenMode.READ_WRITE);
    } catch (ErrnoException e) {
      throw e.errno() == Errno.ENOENT ? e.because(ifMissing) : e;
    }
  }

  private Optional<LoopDevice> take(int number, Fd image, LoopSettings settings, int attempt)
      throws ErrnoException, IOException {
    Path path = Path.of("/dev/loop" + number);
    // Without devtmpfs, as in a container, /dev may lack nodes for the kernel's devices.
    String missing = "no free loop device; create %s with mknod %1$s b 7 %d";
    LoopDevice device = new LoopDevice(path, open(path, missing.formatted(path, number)));
    boolean taken = false;
    try {
      calls.configure(device.open(), image, settings);
      taken = true;
      if (settings.directIo() && !calls.usesDirectIo(number)) {
        taken = false;
        throw new ErrnoException(
            "LOOP_CONFIGURE",
            settings.name(),
            Errno.EINVAL,
            "its file system does not support direct I/O");
      }
      return Optional.of(device);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EBUSY || attempt == ATTEMPTS) {
        throw e;
      }
      return Optional.empty();
    } finally {
      if (!taken) {
        device.close();
      }
    }
  }

  /** The device of this image, if any. */
  public Optional<Path> of(Path image) throws IOException {
    String real = image.toRealPath().toString();
    return calls.images().entrySet().stream()
        .filter(entry -> entry.getValue().equals(real))
        .map(Map.Entry::getKey)
        .map(number -> Path.of("/dev/loop" + number))
        .findFirst();
  }

  /** A configured device and the mappings built on it. */
  public record Configured(Path device, String image, List<String> mappings) {
    public Configured {
      mappings = List.copyOf(mappings);
    }
  }

  /**
   * All configured devices. The kernel appends {@code (deleted)} to the name of a deleted image.
   */
  public List<Configured> all() throws IOException {
    List<Configured> all = new ArrayList<>();
    for (Map.Entry<Integer, String> entry : calls.images().entrySet()) {
      Path device = Path.of("/dev/loop" + entry.getKey());
      all.add(new Configured(device, entry.getValue(), calls.mappings(entry.getKey())));
    }
    return all;
  }

  /** Adapts the device to the new size of its image. */
  public void updateCapacity(Path device) throws ErrnoException {
    try (Fd open = files.open(device, OpenMode.READ_WRITE)) {
      calls.updateCapacity(open);
    }
  }

  /** Frees an unused device if it still shows this image, named as the kernel names it. */
  public void detach(Path device, String image) throws ErrnoException, IOException {
    try (Fd open = files.open(device, OpenMode.READ_ALONE)) {
      // While it is open, it cannot be attached to another image.
      if (all().stream()
          .anyMatch(now -> now.device().equals(device) && now.image().equals(image))) {
        calls.clear(open);
      }
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EBUSY) {
        throw e.because("it is in use");
      }
      if (e.errno() != Errno.ENXIO) {
        throw e;
      }
    }
  }
}
