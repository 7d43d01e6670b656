package dev.keg.linux.kernel;

import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The real ioctls. */
public final class NativeLoopCalls extends NativeCalls implements LoopCalls {
  private static final Path SYSFS = Path.of("/sys/block");

  public NativeLoopCalls(Consumer<String> debug) {
    super(debug);
  }

  @Override
  public int free(Fd control) throws ErrnoException {
    return (int)
        check(
            "LOOP_CTL_GET_FREE",
            "/dev/loop-control",
            Libc.ioctl(control.number(), Uapi.LOOP_CTL_GET_FREE, 0));
  }

  @Override
  public void configure(Fd device, Fd image, LoopSettings settings) throws ErrnoException {
    try (Memory config = new Memory(Uapi.LoopConfig.SIZE)) {
      config.clear();
      config.setInt(Uapi.LoopConfig.FD, image.number());
      config.setInt(Uapi.LoopConfig.BLOCK_SIZE, settings.blockSize());
      config.setInt(Uapi.LoopConfig.INFO + Uapi.LoopInfo64.LO_FLAGS, flags(settings));
      config.setLong(Uapi.LoopConfig.INFO + Uapi.LoopInfo64.LO_OFFSET, settings.window().offset());
      config.setLong(
          Uapi.LoopConfig.INFO + Uapi.LoopInfo64.LO_SIZELIMIT, settings.window().length());
      byte[] name = settings.name().getBytes(StandardCharsets.UTF_8);
      config.write(
          Uapi.LoopConfig.INFO + Uapi.LoopInfo64.LO_FILE_NAME,
          name,
          0,
          Math.min(name.length, Uapi.LoopInfo64.LO_NAME_SIZE - 1));
      check(
          "LOOP_CONFIGURE",
          settings.name(),
          Libc.ioctl(device.number(), Uapi.LOOP_CONFIGURE, config));
    }
  }

  private static int flags(LoopSettings settings) {
    return (settings.readOnly() ? Uapi.LO_FLAGS_READ_ONLY : 0)
        | (settings.autoclear() ? Uapi.LO_FLAGS_AUTOCLEAR : 0)
        | (settings.directIo() ? Uapi.LO_FLAGS_DIRECT_IO : 0);
  }

  @Override
  public void updateCapacity(Fd device) throws ErrnoException {
    check(
        "LOOP_SET_CAPACITY", device.path(), Libc.ioctl(device.number(), Uapi.LOOP_SET_CAPACITY, 0));
  }

  @Override
  public boolean usesDirectIo(int device) throws IOException {
    return Files.readString(SYSFS.resolve("loop" + device + "/loop/dio")).strip().equals("1");
  }

  @Override
  public SortedMap<Integer, String> images() throws IOException {
    SortedMap<Integer, String> images = new TreeMap<>();
    try (DirectoryStream<Path> devices = Files.newDirectoryStream(SYSFS, "loop*")) {
      for (Path device : devices) {
        int number = Integer.parseInt(device.getFileName().toString().substring("loop".length()));
        image(device).ifPresent(image -> images.put(number, image));
      }
    }
    return images;
  }

  // A free device has no such file, or an empty one while it is detached. The final newline is not
  // part of the name.
  private static Optional<String> image(Path device) throws IOException {
    try {
      String line = Files.readString(device.resolve("loop/backing_file"));
      return line.isEmpty() ? Optional.empty() : Optional.of(line.substring(0, line.length() - 1));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  @Override
  public List<String> mappings(int device) throws IOException {
    List<String> names = new ArrayList<>();
    Path holders = SYSFS.resolve("loop" + device + "/holders");
    try (DirectoryStream<Path> above = Files.newDirectoryStream(holders)) {
      for (Path holder : above) {
        Path mapping = holder.resolve("dm/name");
        names.add(
            Files.exists(mapping)
                ? Files.readString(mapping).strip()
                : String.valueOf(holder.getFileName()));
      }
    } catch (NoSuchFileException _) {
      return names; // the device is being removed
    }
    return names;
  }

  @Override
  public void clear(Fd device) throws ErrnoException {
    check("LOOP_CLR_FD", device.path(), Libc.ioctl(device.number(), Uapi.LOOP_CLR_FD, 0));
  }
}
