package dev.keg.backup.save;

import dev.keg.backup.store.Programs;
import dev.keg.error.BackupException.BackupFailed;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The operator's commands before and after a volume is read, each one line for the shell. {@code
 * KEG_VOLUME} holds the name of the volume and {@code KEG_PATH} the path of its data. Their output
 * goes to the operator and is never part of a result.
 *
 * @param output where what they print goes
 */
public record UserCommands(
    Optional<String> pre, Optional<String> post, Programs programs, OutputStream output) {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  void before(VolumeName volume, Path data) {
    pre.ifPresent(line -> run("pre", line, volume, data));
  }

  void after(VolumeName volume, Path data) {
    post.ifPresent(line -> run("post", line, volume, data));
  }

  private void run(String which, String line, VolumeName volume, Path data) {
    List<String> command =
        List.of(
            "env", "KEG_VOLUME=" + volume, "KEG_PATH=" + data, "sh", "-c", "exec 2>&1\n" + line);
    int status;
    try (Programs.Running running = programs.start(command)) {
      running.input().close();
      // Waiting for the end can be interrupted, reading cannot.
      Thread copying = Thread.ofVirtual().start(() -> copy(running.output()));
      status = running.exitCode();
      // What the command left running in the background may keep its output open.
      copying.join(PATIENCE);
    } catch (IOException e) {
      throw new BackupFailed(volume.text(), "the %s-command: %s".formatted(which, e.getMessage()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new BackupFailed(volume.text(), "the %s-command was interrupted".formatted(which));
    }
    if (status != 0) {
      throw new BackupFailed(
          volume.text(),
          "the %s-command ended with status %d: %s".formatted(which, status, line),
          which.equals("pre")
              ? "nothing was backed up"
              : "the backup was not kept; add `|| true` to a command that may fail");
    }
  }

  private void copy(InputStream from) {
    try {
      from.transferTo(output);
      output.flush();
    } catch (IOException _) {
      // The command was ended, and nobody reads what it says.
    }
  }
}
