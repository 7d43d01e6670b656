package dev.keg.cli;

import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A command and its names, the first of which is shown in help.
 *
 * @param header the summary; stored here because reading it from the class takes as long as running
 *     a small command
 */
record Subcommand(Supplier<Object> maker, String header, List<String> names) {
  Subcommand(Supplier<Object> maker, String header, String... names) {
    this(maker, header, List.of(names));
  }

  void addTo(CommandLine keg) {
    add(keg, new CommandLine(maker.get(), keg.getFactory()));
  }

  /** Adds its names and summary, without options: enough for a list. */
  void addOutlineTo(CommandLine keg) {
    add(keg, new CommandLine(CommandSpec.create().name(names.getFirst()), keg.getFactory()));
  }

  private void add(CommandLine keg, CommandLine command) {
    command.getCommandSpec().usageMessage().header(header).hidden(isHidden());
    keg.addSubcommand(
        names.getFirst(), command, names.subList(1, names.size()).toArray(String[]::new));
  }

  // Commands that only Keg itself runs.
  boolean isHidden() {
    return names.getFirst().startsWith("__");
  }
}
