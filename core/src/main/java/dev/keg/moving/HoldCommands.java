package dev.keg.moving;

import dev.keg.backup.save.ShellLine;
import dev.keg.error.MoveException.MoveFailed;
import dev.keg.lifecycle.Volumes;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operator's commands around the time during which nobody may use the volume. {@code
 * KEG_VOLUME} is its name and {@code KEG_PATH} the path of its data.
 */
record HoldCommands(MoveRequest request, MoveTools tools, Volumes volumes) {
  void before() {
    request.pre().ifPresent(line -> run("pre", line, "the volume is unchanged"));
  }

  void after() {
    request.post().ifPresent(line -> run("post", line, null));
  }

  private void run(String which, String line, @Nullable String hint) {
    VolumeName name = request.volume();
    Path data = volumes.mountpoint(volumes.inspect(name.text()).overview().volume());
    int status;
    try {
      status =
          new ShellLine(tools.programs(), tools.output())
              .run(List.of("env", "KEG_VOLUME=" + name, "KEG_PATH=" + data), line);
    } catch (IOException e) {
      throw new MoveFailed(
          name.text(), "the %s-command: %s".formatted(which, e.getMessage()), hint, e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new MoveFailed(name.text(), "the %s-command was interrupted".formatted(which), hint);
    }
    if (status != 0) {
      throw new MoveFailed(
          name.text(),
          "the %s-command ended with status %d: %s".formatted(which, status, line),
          hint);
    }
  }
}
