package dev.keg.backup.store.ssh;

import dev.keg.backup.store.StoreException;
import java.time.Duration;
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
  private static final String WITHOUT_KEG = "`ssh` to that host must work without Keg first";

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
        ? new StoreException.Failed(store, operation, why, WITHOUT_KEG)
        : new StoreException.Unavailable(store, operation, why, null);
  }

  /**
   * The failure if ssh or its program ended before everything was written to it, or could not be
   * started.
   */
  StoreException of(String operation, Exception e) {
    String why = String.valueOf(e.getMessage());
    return switch (e) {
      case SshShell.NoConnection failed -> of(operation, failed.exitCode(), why);
      case SshShell.NoLogin _ -> new StoreException.Failed(store, operation, why, WITHOUT_KEG, e);
      default -> new StoreException.Failed(store, operation, why, null, e);
    };
  }

  /** The failure if the other machine neither took nor sent anything. */
  StoreException silence(String operation, Duration time) {
    return new StoreException.Failed(
        store,
        operation,
        silence(time),
        "check the server: its disk, or a network mount there, may hang");
  }

  static String silence(Duration time) {
    return "nothing was sent or received for " + time.toSeconds() + " s";
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
