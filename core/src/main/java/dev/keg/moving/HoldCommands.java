package dev.keg.moving;

import dev.keg.error.MoveException.MoveFailed;
import dev.keg.lifecycle.Volumes;
import dev.keg.program.ShellLine;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.Optional;
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
    Optional<String> why =
        new ShellLine(tools.programs(), tools.output()).around(which, line, name, data);
    if (why.isPresent()) {
      throw new MoveFailed(name.text(), why.get(), hint);
    }
  }
}
