package dev.keg.cli;

import dev.keg.fixtures.golden.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The reference has every command with its usage and every flag, as in the help. */
class ReferenceTest {
  static final Path PAGE = PagesTest.DOCS.resolve("reference.md");

  private static final String TABLE = "| flag | meaning |";

  @Test
  void usage_and_flags_of_every_command_are_those_of_the_help() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(PAGE));
    CommandLine keg = ShellCommands.model();
    var commands = new TreeMap<String, CommandSpec>();
    keg.getSubcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .filter(command -> !command.usageMessage().hidden())
        .forEach(command -> commands.put(command.name(), command));
    commands.values().forEach(command -> renew(lines, command));
    renewFlags(lines, section(lines, "## Flags of every command"), flags(keg.getCommandSpec()));
    Golden.check(PAGE, String.join("\n", lines) + "\n");
  }

  private static void renew(List<String> lines, CommandSpec command) {
    int heading = section(lines, "## keg " + command.name());
    int usage = heading + 2;
    if (!lines.get(usage).startsWith("`keg ")) {
      lines.addAll(usage, List.of("", "")); // a new section, which begins with its text
    }
    lines.set(usage, "`" + String.join("", command.usageMessage().customSynopsis()) + "`");
    renewFlags(lines, heading, flags(command).stream().filter(flag -> !flag.inherited()).toList());
  }

  private static int section(List<String> lines, String heading) {
    int found = lines.indexOf(heading);
    if (found < 0) {
      throw new AssertionError(PAGE + " has no section \"" + heading + "\"");
    }
    return found;
  }

  /** The table of flags in the section; adds one at its end if there is none. */
  private static void renewFlags(List<String> lines, int heading, List<OptionSpec> flags) {
    int end = heading + 1;
    while (end < lines.size() && !lines.get(end).startsWith("## ")) {
      end++;
    }
    int table = lines.subList(heading, end).indexOf(TABLE);
    if (table >= 0) {
      int first = heading + table;
      while (first < lines.size() && lines.get(first).startsWith("|")) {
        lines.remove(first);
      }
      lines.addAll(first, table(flags));
    } else if (!flags.isEmpty()) {
      List<String> added = new ArrayList<>(table(flags));
      added.add("");
      lines.addAll(end, added);
    }
  }

  private static List<OptionSpec> flags(CommandSpec command) {
    return command.options().stream()
        .filter(flag -> !flag.hidden())
        .sorted(Comparator.comparing(OptionSpec::longestName))
        .toList();
  }

  private static List<String> table(List<OptionSpec> flags) {
    List<String> rows = new ArrayList<>(List.of(TABLE, "|---|---|"));
    for (OptionSpec flag : flags) {
      String label = flag.arity().max() == 0 ? "" : " " + flag.paramLabel();
      String names =
          flag.names().length == 1
              ? "`%s%s`".formatted(flag.longestName(), label)
              : "`%s`, `%s%s`".formatted(flag.shortestName(), flag.longestName(), label);
      rows.add("| %s | %s |".formatted(cell(names), cell(String.join(" ", flag.description()))));
    }
    return rows;
  }

  private static String cell(String text) {
    return text.replaceAll("[|<*]", "\\\\$0");
  }
}
