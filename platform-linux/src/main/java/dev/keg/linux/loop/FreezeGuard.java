package dev.keg.linux.loop;

import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import dev.keg.linux.program.Tools.Companion;
import dev.keg.volume.VolumeHome;
import java.util.List;

/**
 * A process that thaws a file system if the process that froze it dies for whatever reason: it
 * waits for the end of its input, which that death causes. All processes that want a volume frozen
 * share a lock, and only the guard of the last one thaws.
 */
final class FreezeGuard {
  /**
   * A script, since no single tool waits and then thaws; its values are passed as arguments. It
   * reports when it holds the lock, and only then is the volume frozen. So the guard of a dead
   * process either thaws before another process freezes, or does not thaw while that one lives.
   */
  private static final String SCRIPT =
      "flock --shared --timeout 30 \"$1\" sh -c 'echo ready; exec cat'"
          + " && exec flock --timeout 5 \"$1\" fsfreeze --unfreeze \"$2\"";

  /** What the guard runs; without one of them it would watch, but not thaw. */
  private static final List<String> PROGRAMS = List.of("setsid", "sh", "flock", "cat", "fsfreeze");

  private FreezeGuard() {}

  /** Returns once the guard watches; closing it stops the guard. */
  static Companion start(Tools tools, VolumeHome home) throws ToolException {
    for (String program : PROGRAMS) {
      if (!tools.has(program)) {
        throw ToolException.missing(Tool.of(program));
      }
    }
    // In a session of its own, so that Ctrl-C does not end it together with this process.
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
