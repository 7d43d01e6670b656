package dev.keg.backup.drill;

import dev.keg.backup.repository.BackupRecord;
import dev.keg.error.BackupException.DrillFailed;
import dev.keg.program.ShellLine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The operator's check that restored data is usable: a shell command line, which finds the data at
 * {@code KEG_PATH}, the volume's name in {@code KEG_VOLUME} and the backup's id in {@code
 * KEG_BACKUP}. It may change the data. If root runs it, it gets private mounts and a private
 * network, so that a server that it starts meets neither the live one nor its clients.
 *
 * @param limit the time after which it is ended, with everything it started
 */
public record DrillProgram(ShellLine shell, String line, Duration limit) {
  /** The exit statuses of timeout(1) for a command that it ended, and for one that it killed. */
  private static final List<Integer> TIMED_OUT = List.of(124, 137);

  private static final String PATIENCE = "10";

  /**
   * Runs its arguments apart. An unmount outside also unmounts inside, so that the drill keeps
   * nothing busy. The loopback device is set up through sysfs, which shows the devices of whoever
   * mounted it.
   */
  private static final String APART =
      """
      [ "$(id -u)" = 0 ] || exec "$@"
      up='mount -t sysfs sysfs /sys && echo 1 >/sys/class/net/lo/flags && umount /sys && exec "$@"'
      own='--mount --net --propagation slave'
      if said=$(unshare $own sh -c "$up" keg-drill true 2>&1); then
        exec unshare $own sh -c "$up" keg-drill "$@"
      fi
      printf 'warning: the command has the mounts and network of this host: %s\\n' "$said"
      exec "$@"
      """;

  void run(BackupRecord backup, Path data) {
    String volume = backup.volume().name().text();
    List<String> before =
        List.of(
            "env",
            "KEG_VOLUME=" + volume,
            "KEG_BACKUP=" + backup.id(),
            "KEG_PATH=" + data,
            "sh",
            "-c",
            APART,
            "keg-drill",
            "timeout",
            "-k",
            PATIENCE,
            String.valueOf(limit.toSeconds()));
    int status;
    long start = System.nanoTime();
    try {
      status = shell.run(before, line);
    } catch (IOException e) {
      throw new DrillFailed(volume, "the command: " + e.getMessage(), null);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new DrillFailed(volume, "the command was interrupted", null);
    }
    if (TIMED_OUT.contains(status) && System.nanoTime() - start >= limit.toNanos()) {
      throw new DrillFailed(
          volume,
          "the command did not end within %d seconds: %s".formatted(limit.toSeconds(), line),
          "--command-limit gives it more time");
    }
    if (status != 0) {
      throw new DrillFailed(
          volume,
          "the command ended with status %d: %s".formatted(status, line),
          "--keep keeps the restored volume for inspection");
    }
  }
}
