package dev.keg.linux.mount;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;

/** Explains the kernel's "no such device", which means that it does not know the file system. */
public final class MissingFileSystem {
  private MissingFileSystem() {}

  /** The failure, with an explanation if that is the cause. */
  static ErrnoException explained(ErrnoException failure, String type) {
    return failure.errno() == Errno.ENODEV ? failure.because(meaning(type), remedy(type)) : failure;
  }

  public static String meaning(String type) {
    return type.equals("bind") ? "bind is an option, not a type" : "this kernel has no " + type;
  }

  /** The remedy; the kernel has already tried to load a module of that name. */
  public static String remedy(String type) {
    if (type.equals("bind")) {
      return "a bind mount needs o=bind, with type=none";
    }
    return "`modprobe %s` shows why; install the kernel's extra modules, or boot a kernel that has it"
        .formatted(type);
  }

  /** Whether a program's output reports this failure of mount(2). */
  public static boolean isToldBy(String output) {
    return output.contains("No such device") || output.contains("not supported by the system");
  }
}
