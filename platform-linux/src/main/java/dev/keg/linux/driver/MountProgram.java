package dev.keg.linux.driver;

import dev.keg.linux.mount.MissingFileSystem;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** mount(8), for file systems with a helper program. It is killed after a time limit. */
public record MountProgram(Tools tools) {
  /** The time that docker gives a volume plugin to mount a volume. */
  public static final Duration PATIENCE = Duration.ofMinutes(2);

  /** The options for {@code -o}; never secret, because every user can read arguments. */
  public void run(String type, String source, String options, Path target, Duration limit)
      throws ToolException {
    List<String> arguments = new ArrayList<>(List.of("-t", type));
    if (!options.isEmpty()) {
      arguments.addAll(List.of("-o", options));
    }
    arguments.addAll(List.of("--", source, target.toString()));
    Tool mount = Tool.of("mount", arguments).withLimit(limit).leavingDaemon();
    try {
      var _ = tools.run(mount);
    } catch (ToolException e) {
      throw explained(mount, type, e);
    }
  }

  private static ToolException explained(Tool mount, String type, ToolException e) {
    if (e.timedOut() || e.output().isEmpty()) {
      return e;
    }
    ToolException explained = ToolException.failed(mount, e.exit(), withoutAdvice(e.output()));
    return MissingFileSystem.isToldBy(e.output())
        ? explained.withHint(
            MissingFileSystem.meaning(type) + ": " + MissingFileSystem.remedy(type))
        : explained;
  }

  // The error comes before the lines of advice, "Refer to the mount.cifs(8) manual page" and
  // "dmesg(1) may have more information after failed mount system call."
  private static String withoutAdvice(String output) {
    return output
        .lines()
        .map(String::strip)
        .filter(line -> !line.startsWith("Refer to ") && !line.startsWith("dmesg(1) "))
        .collect(Collectors.joining("\n"));
  }
}
