package dev.keg.windows;

import java.util.Optional;

/** Whether this is Windows; asked before anything of Windows is loaded. */
public final class WindowsHost {
  private WindowsHost() {}

  /** What a driver of ours says where it cannot work. */
  public static Optional<String> unavailable() {
    return unavailable(System.getProperty("os.name", ""));
  }

  static Optional<String> unavailable(String system) {
    return system.startsWith("Windows") ? Optional.empty() : Optional.of("it needs Windows");
  }
}
