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
   * A program, since no single tool waits and then thaws; its words are arguments, not text. The
   * kernel may close the input of a process that dies before it releases its locks, and the guard
   * of another, which has only just begun, may not have its lock yet: hence the second of patience.
   */
  private static final String SCRIPT =
      "flock --shared \"$1\" cat; sleep 1; exec flock --timeout 5 \"$1\" fsfreeze --unfreeze"
          + " \"$2\"";

  private FreezeGuard() {}

  /** Begins to watch; closed, it has nothing to do any more. */
  static Companion start(Tools tools, VolumeHome home) throws ToolException {
    if (!Stream.of("setsid", "sh", "sleep", "flock", "fsfreeze").allMatch(tools::has)) {
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
