package dev.keg.cli;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Adds the commands that a command line needs to picocli's model. */
final class Commands {
  private static final List<Subcommand> ALL =
      CommandGroup.ALL.stream().flatMap(group -> group.commands().stream()).toList();

  private Commands() {}

  /** The names of the commands by the titles of their groups. */
  static SequencedMap<String, List<String>> groups() {
    SequencedMap<String, List<String>> groups = new LinkedHashMap<>();
    for (CommandGroup group : CommandGroup.ALL) {
      groups.put(
          group.title(),
          group.commands().stream()
              .filter(command -> !command.isHidden())
              .map(command -> command.names().getFirst())
              .toList());
    }
    return groups;
  }

  /** Adds all commands, for callers that describe them. */
  static void addAllTo(CommandLine keg) {
    ALL.forEach(command -> command.addTo(keg));
  }

  /**
   * Adds the subcommand that the arguments name, and outlines of the others if they are listed:
   * building the model of an unused command costs more than running a small one.
   */
  static void addTo(CommandLine keg, String... arguments) {
    Set<String> withValue =
        keg.getCommandSpec().options().stream()
            .filter(option -> option.arity().max() > 0)
            .flatMap(option -> Stream.of(option.names()))
            .collect(Collectors.toSet());
    List<String> line = List.of(arguments);
    Subcommand named = named(withValue, line).orElse(null);
    if (named == null || isHelp(named)) {
      addListedTo(keg, line);
      return;
    }
    named.addTo(keg);
    if (isCompletion(named)) {
      int dashes = line.indexOf("--");
      addCompletedTo(
          keg, withValue, dashes < 0 ? List.of() : line.subList(dashes + 1, line.size()));
    }
  }

  // Help describes the commands that the line names.
  private static void addListedTo(CommandLine keg, List<String> line) {
    for (Subcommand command : ALL) {
      if (Collections.disjoint(command.names(), line)) {
        command.addOutlineTo(keg);
      } else {
        command.addTo(keg);
      }
    }
  }

  // The command of the line to complete, or those that its last word may become.
  private static void addCompletedTo(CommandLine keg, Set<String> withValue, List<String> line) {
    Subcommand named =
        named(withValue, line.subList(0, Math.max(0, line.size() - 1)))
            .filter(command -> !isCompletion(command))
            .orElse(null);
    if (named != null) {
      named.addTo(keg);
    }
    if (named == null || isHelp(named)) {
      String begun = line.isEmpty() ? "" : line.getLast();
      ALL.stream()
          .filter(command -> !command.equals(named) && !isCompletion(command))
          .filter(command -> command.names().getFirst().startsWith(begun))
          .forEach(command -> command.addOutlineTo(keg));
    }
  }

  // Help describes any of them.
  private static boolean isHelp(Subcommand command) {
    return command.names().contains("help");
  }

  private static boolean isCompletion(Subcommand command) {
    return command.names().contains("__complete");
  }

  // The first word that is neither a global option nor the value of one.
  private static Optional<Subcommand> named(Set<String> withValue, List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (withValue.contains(argument)) {
        i++;
      } else if (!argument.startsWith("-")) {
        return ALL.stream().filter(command -> command.names().contains(argument)).findFirst();
      }
    }
    return Optional.empty();
  }
}
