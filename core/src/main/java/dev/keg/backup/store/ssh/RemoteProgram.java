package dev.keg.backup.store.ssh;

import dev.keg.backup.store.StoreException;
import dev.keg.program.Programs;
import dev.keg.program.WatchedProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A program on another machine, used through its standard input and output.
 *
 * @param address the other machine's name in messages
 * @param line the command line for its login shell
 */
public record RemoteProgram(SshTarget target, String address, String line, Programs programs) {
  private static final int NOT_FOUND = 127;

  public Programs.Running start() throws StoreException {
    List<String> command = new ArrayList<>(List.of("ssh"));
    command.addAll(SshShell.OPTIONS);
    command.add("-oControlMaster=no");
    target.chosenPort().ifPresent(port -> command.add("-p" + port));
    command.addAll(List.of("--", target.destination(), line));
    try {
      return programs.start(command);
    } catch (IOException e) {
      throw failures().of("connect", e);
    }
  }

  /** Why the program ended or its stream broke; waits for its end. */
  public StoreException failure(WatchedProgram running, IOException broken) {
    int exitCode;
    try {
      exitCode = running.exitCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new StoreException.Failed(address, "move", "interrupted", null, e);
    }
    if (running.isSilent()) {
      String why =
          "Keg on that host has been idle for %d s".formatted(running.patience().toSeconds());
      return new StoreException.Unavailable(address, "move", why, broken);
    }
    if (exitCode == NOT_FOUND) {
      String hint = "install Keg there, or give its command with --remote";
      return new StoreException.Failed(address, "move", running.complaint().strip(), hint);
    }
    return exitCode == 0
        ? new StoreException.Unavailable(
            address, "move", "the connection was lost: " + broken.getMessage(), broken)
        : failures().of("move", exitCode, running.complaint());
  }

  private SshFailures failures() {
    return new SshFailures(address);
  }
}
