package dev.keg.backup.save;

import dev.keg.backup.writer.StoppedWriters;
import dev.keg.backup.writer.Supervisor;
import dev.keg.error.BackupException.BackupFailed;
import dev.keg.error.VolumeException;
import dev.keg.program.Programs;
import dev.keg.program.ShellLine;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The commands around the reading of a volume. The operator's pre-command and post-command are each
 * a line for the shell: {@code KEG_VOLUME} is the name of the volume and {@code KEG_PATH} the path
 * of its data. Their output goes to the operator and is never part of a result. The volume's
 * writers are stopped after the pre-command and started before the post-command.
 *
 * @param stop stops the volume's writers, if requested
 * @param output receives the commands' output
 */
public record UserCommands(
    Optional<String> pre,
    Optional<String> post,
    Optional<Supervisor> stop,
    Programs programs,
    OutputStream output) {
  void before(VolumeName volume, Path data) {
    pre.ifPresent(line -> run("pre", line, volume, data));
  }

  void after(VolumeName volume, Path data) {
    post.ifPresent(line -> run("post", line, volume, data));
  }

  /**
   * Stops the writers of these directories.
   *
   * @param places the directory of the volume's data, and where else it is mounted
   */
  StoppedWriters stop(BackupContext context, VolumeName volume, Set<Path> places) {
    if (stop.isEmpty()) {
      return StoppedWriters.none();
    }
    try {
      return StoppedWriters.stop(stop.get(), context.stopNotes(programs), volume, places);
    } catch (IOException e) {
      throw new BackupFailed(
          volume.text(),
          "cannot stop what writes to it: " + e.getMessage(),
          "nothing was backed up; leave out --stop-with if nothing writes to the volume");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new BackupFailed(volume.text(), "stopping what writes to it was interrupted");
    }
  }

  /** Reports writers that ran again before everything was read; the backup may still be useful. */
  static Optional<VolumeException> requireStill(VolumeName volume, StoppedWriters stopped) {
    String why;
    try {
      List<String> writers = stopped.writers();
      if (writers.isEmpty()) {
        return Optional.empty();
      }
      why = "these started again before everything was read: " + String.join(" ", writers);
    } catch (IOException e) {
      why = "cannot find out what writes to it: " + e.getMessage();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty(); // the command fails in any case
    }
    return Optional.of(
        new BackupFailed(volume.text(), why, "the backup stays, but may not be consistent"));
  }

  /** Starts the writers again; reports a failure, which does not affect the backup. */
  static Optional<VolumeException> start(VolumeName volume, StoppedWriters stopped) {
    return stopped
        .start()
        .map(
            why ->
                new BackupFailed(
                    volume.text(),
                    "what was stopped did not start again: " + why,
                    "start it by hand; the backup is not affected"));
  }

  private void run(String which, String line, VolumeName volume, Path data) {
    Optional<String> why = new ShellLine(programs, output).around(which, line, volume, data);
    if (why.isPresent()) {
      throw new BackupFailed(
          volume.text(),
          why.get(),
          which.equals("pre")
              ? "nothing was backed up"
              : "the backup was not kept; add `|| true` to a command that may fail");
    }
  }
}
