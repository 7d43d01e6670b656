package dev.keg.linux.kernel;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Loop devices by the kernel. */
final class NativeLoopCalls extends NativeCalls implements LoopCalls {
  NativeLoopCalls(Consumer<String> debug) {
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
  public void clear(Fd device) throws ErrnoException {
    check("LOOP_CLR_FD", device.path(), Libc.ioctl(device.number(), Uapi.LOOP_CLR_FD, 0));
  }
}
