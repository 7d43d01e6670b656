package dev.keg.backup.save;

import dev.keg.backup.store.Programs;
import dev.keg.error.BackupException.BackupFailed;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
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
  void before(VolumeName volume, Path data) {
    pre.ifPresent(line -> run("pre", line, volume, data));
  }

  void after(VolumeName volume, Path data) {
    post.ifPresent(line -> run("post", line, volume, data));
  }

  private void run(String which, String line, VolumeName volume, Path data) {
    int status;
    try {
      status =
          new ShellLine(programs, output)
              .run(List.of("env", "KEG_VOLUME=" + volume, "KEG_PATH=" + data), line);
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
}
