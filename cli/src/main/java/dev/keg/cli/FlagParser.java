package dev.keg.cli;

import dev.keg.volume.GoSyntax;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Parses flags like docker's parser (pflag): flags and arguments in any order, a value is the next
 * word whatever it looks like, a switch takes a value only after {@code =}, and {@code --} ends the
 * flags. The result is the same line in an unambiguous form: a flag and its value in one word, and
 * arguments after {@code --}.
 */
final class FlagParser {
  private final List<String> left;
  private final List<String> words = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private CommandSpec command;

  private FlagParser(CommandSpec keg, List<String> line) {
    this.command = keg;
    this.left = new ArrayList<>(line);
  }

  /**
   * The line for picocli.
   *
   * @throws ParameterException for the first wrong flag
   */
  static String[] parse(CommandLine keg, String... line) {
    FlagParser parser = new FlagParser(keg.getCommandSpec(), List.of(line));
    try {
      parser.read();
    } catch (ParameterException e) {
      // An invalid value of an earlier flag is the first mistake.
      requireValues(keg, parser.words);
      throw e;
    }
    return parser.result().toArray(String[]::new);
  }

  private static void requireValues(CommandLine keg, List<String> words) {
    try {
      keg.parseArgs(words.toArray(String[]::new));
    } catch (ParameterException e) {
      if (e.getArgSpec() instanceof OptionSpec) {
        throw e;
      }
    }
  }

  private List<String> result() {
    List<String> all = new ArrayList<>(words);
    if (!arguments.isEmpty()) {
      all.add("--");
      all.addAll(arguments);
    }
    return all;
  }

  private void read() {
    while (!left.isEmpty()) {
      String word = left.removeFirst();
      if (word.equals("--")) {
        requireCommand();
        arguments.addAll(left);
        return;
      }
      if (word.startsWith("--")) {
        longFlag(word);
      } else if (word.startsWith("-") && word.length() > 1) {
        letters(word.substring(1));
      } else if (command.parent() == null && arguments.isEmpty()) {
        enter(word);
      } else {
        arguments.add(word);
      }
    }
  }

  // It ends the flags of a command; keg itself has no arguments.
  private void requireCommand() {
    if (command.parent() == null && !left.isEmpty()) {
      throw wrong("unexpected -- before the command '%s'".formatted(left.getFirst()));
    }
  }

  private void enter(String word) {
    CommandLine subcommand = command.subcommands().get(word);
    words.add(word);
    if (subcommand == null) {
      // The command is unknown, so the rest does not matter.
      left.clear();
    } else {
      command = subcommand.getCommandSpec();
    }
  }

  private void longFlag(String word) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    if (name.length() == 2 || name.charAt(2) == '-') {
      throw wrong("bad flag syntax: " + word);
    }
    OptionSpec option = command.findOption(name);
    if (option == null) {
      throw new UnknownFlag(command.commandLine(), "unknown flag: " + name, name);
    }
    if (equals >= 0) {
      add(option, word.substring(equals + 1));
    } else if (isSwitch(option)) {
      add(option, "true");
    } else {
      add(option, next("flag needs an argument: " + name));
    }
  }

  private void letters(String cluster) {
    String letters = cluster;
    while (!letters.isEmpty()) {
      OptionSpec option = command.findOption("-" + letters.charAt(0));
      String rest = letters.substring(1);
      if (option == null) {
        throw wrong("unknown shorthand flag: '%s' in -%s".formatted(letters.charAt(0), letters));
      }
      if (rest.length() > 1 && rest.charAt(0) == '=') {
        add(option, rest.substring(1));
        return;
      }
      if (!isSwitch(option)) {
        add(
            option,
            rest.isEmpty()
                ? next("flag needs an argument: '%s' in -%s".formatted(letters.charAt(0), letters))
                : rest);
        return;
      }
      add(option, "true");
      letters = rest;
    }
  }

  private static boolean isSwitch(OptionSpec option) {
    return option.arity().max() == 0;
  }

  private String next(String otherwise) {
    if (left.isEmpty()) {
      throw wrong(otherwise);
    }
    return left.removeFirst();
  }

  private void add(OptionSpec option, String value) {
    String name = option.longestName();
    if (!isSwitch(option)) {
      words.add(name + "=" + value);
      return;
    }
    boolean on =
        GoSyntax.bool(value)
            .orElseThrow(
                () ->
                    wrong(
                        "invalid argument \"%s\" for \"%s\" flag: strconv.ParseBool: parsing \"%s\": invalid syntax"
                            .formatted(value, String.join(", ", option.names()), value)));
    // The last one counts.
    words.removeIf(name::equals);
    if (on) {
      words.add(name);
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  /** A flag that the command does not have. */
  static final class UnknownFlag extends ParameterException {
    private final String flag;

    UnknownFlag(CommandLine command, String message, String flag) {
      super(command, message);
      this.flag = flag;
    }

    String flag() {
      return flag.toLowerCase(Locale.ROOT);
    }
  }
}
