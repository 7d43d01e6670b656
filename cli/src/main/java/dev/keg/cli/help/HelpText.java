package dev.keg.cli.help;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code --help}, in docker's layout and in the width of the terminal. */
public final class HelpText {
  private static final String SECTION = "keg";

  private final CommandSpec command;
  private final StringBuilder text = new StringBuilder();
  private final Paragraph paragraph;

  private HelpText(CommandSpec command, int width) {
    this.command = command;
    this.paragraph = new Paragraph(text, width);
  }

  /**
   * Makes this the help of keg and its commands.
   *
   * @param groups the names of the commands by the title of their group
   */
  public static void applyTo(
      CommandLine keg, Supplier<SequencedMap<String, List<String>>> groups, IntSupplier width) {
    keg.getSubcommands().values().forEach(command -> lay(command, groups, width));
    lay(keg, groups, width);
  }

  private static void lay(
      CommandLine command, Supplier<SequencedMap<String, List<String>>> groups, IntSupplier width) {
    command.setHelpSectionKeys(List.of(SECTION));
    command
        .getHelpSectionMap()
        .put(
            SECTION,
            help -> {
              var text = new HelpText(help.commandSpec(), width.getAsInt());
              return command.getParent() == null ? text.ofKeg(groups.get()) : text.ofCommand();
            });
  }

  private String ofKeg(SequencedMap<String, List<String>> groups) {
    beginning();
    groups.forEach((title, names) -> section(title, commands(names)));
    section("Options", options(command.options()));
    section(
        "Environment",
        List.of(
            new Row("KEG_ROOT", "Where the volumes are kept"),
            new Row("KEG_COLOUR", "Colour messages: auto (on a terminal), always or never"),
            new Row("KEG_DATA", "Same as --data"),
            new Row("KEG_HOST", "Name of this host in backups and shared registries"),
            new Row("KEG_REPOSITORY", "Backup repository to use when none is named"),
            new Row("KEG_KEY_FILE", "Same as --key-file"),
            new Row("KEG_KEY_COMMAND", "Same as --key-command"),
            new Row("KEG_DEBUG", "Same as --debug if set to 1")));
    text.append("\nRun 'keg help COMMAND' for more about a command, and 'keg help TOPIC' about: ")
        .append(topics())
        .append("\n\n");
    paragraph.append(
        "docs/first-steps.md and the other pages are in /usr/share/doc/keg or beside the program.",
        0);
    return text.toString();
  }

  private static String topics() {
    return Arrays.stream(Topic.values()).map(Topic::word).collect(Collectors.joining(", "));
  }

  private String ofCommand() {
    Guide guide = Guide.to(command.name());
    beginning();
    if (command.aliases().length > 0) {
      text.append("\nAliases:\n  ").append(command.qualifiedName()).append(", ");
      text.append(String.join(", ", command.aliases())).append('\n');
    }
    section("Options", options(command.options().stream().filter(o -> !o.inherited()).toList()));
    section(
        "Global options",
        options(command.options().stream().filter(OptionSpec::inherited).toList()));
    examples(guide);
    exitStatus(guide);
    String topics =
        guide.topics().stream()
            .map(topic -> "'keg help " + topic + "', ")
            .collect(Collectors.joining());
    text.append('\n');
    paragraph.append(
        "See also %sdocs/%s.md and 'man keg-%s'.".formatted(topics, guide.page(), command.name()),
        0);
    return text.toString();
  }

  private void beginning() {
    text.append("Usage:  ")
        .append(String.join("", command.usageMessage().customSynopsis()))
        .append("\n\n");
    paragraph.append(String.join(" ", command.usageMessage().header()), 0);
  }

  private record Row(String name, String meaning) {}

  private List<Row> commands(List<String> names) {
    return names.stream()
        .flatMap(name -> Stream.ofNullable(command.subcommands().get(name)))
        .map(CommandLine::getCommandSpec)
        .map(spec -> new Row(spec.name(), String.join(" ", spec.usageMessage().header())))
        .toList();
  }

  private static List<Row> options(List<OptionSpec> options) {
    return options.stream()
        .filter(option -> !option.hidden())
        .sorted(Comparator.comparing(OptionSpec::longestName))
        .map(option -> new Row(names(option), String.join(" ", option.description())))
        .toList();
  }

  private static String names(OptionSpec option) {
    String names =
        option.names().length == 1
            ? "    " + option.longestName()
            : option.shortestName() + ", " + option.longestName();
    return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
  }

  private void section(String title, List<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    text.append('\n').append(title).append(":\n");
    for (Row row : rows) {
      text.append("  ").append(row.name()).repeat(' ', width - row.name().length() + 3);
      paragraph.append(row.meaning(), width + 5);
    }
  }

  private void examples(Guide guide) {
    if (guide.examples().isEmpty()) {
      return;
    }
    text.append("\nExamples:\n");
    for (Guide.Example example : guide.examples()) {
      text.append("  ").append(example.line()).append('\n').repeat(' ', 6);
      paragraph.append(example.meaning(), 6);
    }
  }

  private void exitStatus(Guide guide) {
    var statuses = new TreeMap<Integer, String>();
    statuses.put(0, "done");
    statuses.put(1, "failed");
    statuses.put(125, "wrong flags");
    statuses.putAll(guide.statuses());
    List<String> parts = new ArrayList<>();
    statuses.forEach((status, meaning) -> parts.add(status + " " + meaning));
    text.append("\nExit status:\n  ");
    paragraph.append(String.join(", ", parts), 2);
  }
}
