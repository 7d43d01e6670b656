package dev.keg.backup.store.ssh;

import dev.keg.backup.store.StoreException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Explains failures of ssh and the scripts. */
final class SshFailures {
  private static final Pattern CHATTER =
      Pattern.compile(
          "\\d+\\+\\d+ records (in|out)|.*\\bbytes\\b.*(copied|transferred).*"
              + "|Warning: Permanently added .*|mux_client_.*|\\*\\* .*");
  private static final List<String> LASTING =
      List.of(
          "Permission denied",
          "Host key verification failed",
          "REMOTE HOST IDENTIFICATION HAS CHANGED",
          "Could not resolve hostname",
          "Too many authentication failures",
          "Bad owner or permissions",
          "Bad configuration option",
          "no matching",
          "No such identity");

  private static final String VANISHED = "No such file or directory";

  private final String store;

  SshFailures(String store) {
    this.store = store;
  }

  StoreException of(String operation, int exitCode, String complaint) {
    String why = reason(exitCode, complaint);
    if (exitCode == RemoteScript.NO_DIRECTORY) {
      return new StoreException.Failed(
          store,
          operation,
          why,
          "create the directory on the other side, or mount the disk that belongs there");
    }
    if (exitCode == 1 && why.endsWith(VANISHED)) {
      return new StoreException.Unavailable(
          store, operation, why, null); // find met a concurrent deletion
    }
    if (exitCode != RemoteShell.BROKEN) {
      return new StoreException.Failed(store, operation, why, null);
    }
    return LASTING.stream().anyMatch(complaint::contains)
        ? new StoreException.Failed(
            store, operation, why, "`ssh` to that host must work without Keg first")
        : new StoreException.Unavailable(store, operation, why, null);
  }

  /**
   * The failure if ssh or its program ended before everything was written to it, or could not be
   * started.
   */
  StoreException of(String operation, Exception e) {
    if (e instanceof SshShell.NoConnection failed) {
      return of(operation, failed.exitCode(), String.valueOf(failed.getMessage()));
    }
    return new StoreException.Failed(store, operation, String.valueOf(e.getMessage()), null, e);
  }

  private static String reason(int exitCode, String complaint) {
    @Nullable String last =
        complaint
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !CHATTER.matcher(line).matches())
            .reduce((_, later) -> later)
            .orElse(null);
    if (last != null) {
      return last;
    }
    return switch (exitCode) {
      case RemoteShell.BROKEN -> "the connection was lost";
      case RemoteScript.NO_DIRECTORY -> "no such directory";
      case RemoteScript.INCOMPLETE -> "not all of it arrived";
      default -> "exit code " + exitCode;
    };
  }
}
