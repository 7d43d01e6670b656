package dev.keg.linux.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The privileges of this process, and hints how to get more; see capabilities(7). */
public final class Privileges {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path USERS = Path.of("/proc/self/uid_map");
  private static final long CAP_SYS_ADMIN = 1L << 21;

  private Privileges() {}

  /** The hint for an error that means missing privileges. */
  static Optional<String> remedy(int errno) {
    return switch (errno) {
      case Errno.EPERM, Errno.EACCES -> remedy();
      default -> Optional.empty();
    };
  }

  /** Whether this is the initial user namespace, not one made by {@code unshare -rm} or similar. */
  public static boolean inInitialNamespace() {
    try {
      return isInitialNamespace(Files.readString(USERS));
    } catch (IOException _) {
      return true;
    }
  }

  private static Optional<String> remedy() {
    try {
      if (!mayMount(Files.readString(STATUS))) {
        return Optional.of(
            "this requires CAP_SYS_ADMIN: run it with sudo, or inside unshare -rm, where bind,"
                + " tmpfs and overlay work");
      }
      if (!isInitialNamespace(Files.readString(USERS))) {
        return Optional.of("inside unshare -rm only bind, tmpfs and overlay work; use sudo");
      }
      return Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** Reads the line {@code CapEff: 000001ffffffffff} of proc_pid_status(5). */
  static boolean mayMount(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("CapEff:"))
        .map(line -> line.substring("CapEff:".length()).strip())
        .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) & CAP_SYS_ADMIN) != 0);
  }

  /** The first user namespace maps everybody to themselves: {@code 0 0 4294967295}. */
  static boolean isInitialNamespace(String map) {
    return map.strip().replaceAll("\\s+", " ").equals("0 0 4294967295");
  }
}
