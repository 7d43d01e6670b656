package dev.keg.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code --help} as docker lays it out: usage, what it does, aliases, commands, options. */
final class HelpText {
  private HelpText() {}

  static void applyTo(CommandLine keg) {
    keg.getSubcommands().values().forEach(HelpText::lay);
    lay(keg);
  }

  private static void lay(CommandLine command) {
    command.setHelpSectionKeys(List.of("keg"));
    command.getHelpSectionMap().put("keg", help -> text(help.commandSpec()));
  }

  static String text(CommandSpec command) {
    StringBuilder text = new StringBuilder();
    text.append("Usage:  ")
        .append(String.join("", command.usageMessage().customSynopsis()))
        .append("\n\n")
        .append(String.join("\n", command.usageMessage().header()))
        .append("\n");
    if (command.aliases().length > 0) {
      text.append("\nAliases:\n  ")
          .append(command.qualifiedName())
          .append(", ")
          .append(String.join(", ", command.aliases()))
          .append("\n");
    }
    section(text, "Commands", commands(command));
    section(text, "Options", options(command));
    String[] footer = command.usageMessage().footer();
    if (footer.length > 0) {
      text.append("\n").append(String.join("\n", footer)).append("\n");
    }
    return text.toString();
  }

  private static List<String[]> commands(CommandSpec command) {
    return command.subcommands().entrySet().stream()
        .filter(entry -> entry.getKey().equals(entry.getValue().getCommandName()))
        .map(entry -> entry.getValue().getCommandSpec())
        .filter(spec -> !spec.usageMessage().hidden())
        .map(spec -> new String[] {spec.name(), String.join(" ", spec.usageMessage().header())})
        .toList();
  }

  private static List<String[]> options(CommandSpec command) {
    List<String[]> rows = new ArrayList<>();
    command.options().stream()
        .filter(option -> !option.hidden())
        .sorted(Comparator.comparing(OptionSpec::longestName))
        .forEach(
            option ->
                rows.add(new String[] {names(option), String.join(" ", option.description())}));
    return rows;
  }

  private static String names(OptionSpec option) {
    String names =
        option.names().length == 1
            ? "    " + option.longestName()
            : option.shortestName() + ", " + option.longestName();
    return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
  }

  private static void section(StringBuilder text, String title, List<String[]> rows) {
    if (rows.isEmpty()) {
      return;
    }
    int width = rows.stream().mapToInt(row -> row[0].length()).max().orElse(0);
    text.append("\n").append(title).append(":\n");
    for (String[] row : rows) {
      text.append("  ").append(row[0]).repeat(' ', width - row[0].length() + 3);
      text.append(row[1]).append("\n");
    }
  }
}
