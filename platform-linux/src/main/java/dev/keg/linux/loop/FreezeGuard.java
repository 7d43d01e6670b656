package dev.keg.linux.loop;

import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import dev.keg.linux.program.Tools.Companion;
import dev.keg.volume.VolumeHome;
import java.util.stream.Stream;

/**
 * A process that thaws a file system when the process that froze it dies, whatever killed it: it
 * waits for the end of its input, which comes with that death. All who want a volume frozen share a
 * lock, and only the guard of the last one thaws.
 */
final class FreezeGuard {
  /**
   * A program, since no single tool waits and then thaws; its words are arguments, not text. It
   * says when it has its lock, and nothing is frozen before: so the guard of a dead process thaws
   * either before another process freezes, or not as long as that one lives.
   */
  private static final String SCRIPT =
      "flock --shared --timeout 30 \"$1\" sh -c 'echo ready; exec cat'"
          + " && exec flock --timeout 5 \"$1\" fsfreeze --unfreeze \"$2\"";

  private FreezeGuard() {}

  /** Watches when this returns; closed, it has nothing to do any more. */
  static Companion start(Tools tools, VolumeHome home) throws ToolException {
    if (!Stream.of("setsid", "sh", "flock", "fsfreeze").allMatch(tools::has)) {
      return () -> {};
    }
    // In a session of its own, so that Ctrl-C does not end it together with us.
    return tools.start(
        Tool.of(
            "setsid",
            "sh",
            "-c",
            SCRIPT,
            "keg-thaw",
            home.path().toString(),
            home.data().toString()));
  }
}
