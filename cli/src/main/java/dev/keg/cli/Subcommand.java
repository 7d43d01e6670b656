package dev.keg.cli;

import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A command by its names, the first of which is the one that help shows.
 *
 * @param header what it is for; here, because to read it from the class takes as long as a small
 *     command
 */
record Subcommand(Supplier<Object> maker, String header, List<String> names) {
  Subcommand(Supplier<Object> maker, String header, String... names) {
    this(maker, header, List.of(names));
  }

  void addTo(CommandLine keg) {
    add(keg, new CommandLine(maker.get(), keg.getFactory()));
  }

  /** Its names and what it is for, without its options: enough to be listed. */
  void addOutlineTo(CommandLine keg) {
    add(keg, new CommandLine(CommandSpec.create().name(names.getFirst()), keg.getFactory()));
  }

  private void add(CommandLine keg, CommandLine command) {
    command.getCommandSpec().usageMessage().header(header).hidden(isHidden());
    keg.addSubcommand(
        names.getFirst(), command, names.subList(1, names.size()).toArray(String[]::new));
  }

  // Only Keg itself calls these.
  boolean isHidden() {
    return names.getFirst().startsWith("__");
  }
}
