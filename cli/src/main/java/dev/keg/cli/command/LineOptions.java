package dev.keg.cli.command;

import dev.keg.render.document.LineSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Option;

/** What is said of every mount that a system makes at its start. */
final class LineOptions {
  @Option(names = "--no-automount", description = "Mount only when somebody asks for it")
  private boolean noAutomount;

  @Option(
      names = "--mount-options",
      paramLabel = "words",
      description = "Further options of mount(8), such as noatime, with commas between them")
  private List<String> words = new ArrayList<>();

  boolean given() {
    return noAutomount || !words.isEmpty();
  }

  LineSettings settings() {
    return new LineSettings(
        !noAutomount, words.stream().flatMap(some -> Arrays.stream(some.split(",", -1))).toList());
  }
}
