package dev.keg.cli.completion;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The words before the cursor, parsed with the model of the commands: the command that they name,
 * its arguments and option values, and whether an option is waiting for its value.
 */
final class CommandWords {
  private CommandSpec command;
  private final List<String> arguments = new ArrayList<>();
  private final List<String[]> values = new ArrayList<>();
  private @Nullable OptionSpec waiting;
  private boolean optionsEnded;

  CommandWords(CommandSpec keg, List<String> words) {
    this.command = keg;
    words.forEach(this::read);
  }

  private void read(String word) {
    if (waiting != null) {
      values.add(new String[] {waiting.longestName(), word});
      waiting = null;
    } else if (word.equals("--")) {
      optionsEnded = true;
    } else if (!optionsEnded && word.startsWith("-") && word.length() > 1) {
      readOption(word);
    } else if (command.parent() == null && command.subcommands().containsKey(word)) {
      command = command.subcommands().get(word).getCommandSpec();
    } else {
      arguments.add(word);
    }
  }

  private void readOption(String word) {
    int equals = word.indexOf('=');
    if (word.startsWith("--") && equals > 0) {
      values.add(new String[] {word.substring(0, equals), word.substring(equals + 1)});
      return;
    }
    OptionSpec option = command.findOption(word);
    if (option != null && takesValue(option)) {
      waiting = option;
    }
  }

  static boolean takesValue(OptionSpec option) {
    return option.arity().max() > 0;
  }

  CommandSpec command() {
    return command;
  }

  List<String> arguments() {
    return arguments;
  }

  boolean optionsEnded() {
    return optionsEnded;
  }

  /** The option whose value is at the cursor. */
  @Nullable OptionSpec waiting() {
    return waiting;
  }

  /** The last value given to the option; the fallback if there is none. */
  String value(String option, String fallback) {
    return values.stream()
        .filter(value -> value[0].equals(option))
        .reduce((_, last) -> last)
        .map(value -> value[1])
        .orElse(fallback);
  }
}
