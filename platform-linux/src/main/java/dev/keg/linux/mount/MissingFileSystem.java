package dev.keg.linux.mount;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;

/** What to say where the kernel does not know a file system: it says "no such device" then. */
public final class MissingFileSystem {
  private MissingFileSystem() {}

  /** The same failure, with what it means if it is that. */
  static ErrnoException explained(ErrnoException failure, String type) {
    return failure.errno() == Errno.ENODEV ? failure.because(meaning(type), remedy(type)) : failure;
  }

  public static String meaning(String type) {
    return type.equals("bind") ? "bind is an option, not a type" : "this kernel has no " + type;
  }

  /** What to do. The kernel has looked for a module of that name already. */
  public static String remedy(String type) {
    if (type.equals("bind")) {
      return "a bind mount needs o=bind, with type=none";
    }
    return "`modprobe %s` shows why; install the kernel's further modules, or boot one that has it"
        .formatted(type);
  }

  /** Whether a program says that mount(2) said so. */
  public static boolean isToldBy(String output) {
    return output.contains("No such device") || output.contains("not supported by the system");
  }
}
