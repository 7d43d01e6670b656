package dev.keg.cli;

import java.util.List;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What is wrong with a command line, in docker's words.
 *
 * @param aboutFlags whether a flag is wrong, which has an exit status of its own
 */
record UsageError(String message, String synopsis, String pointer, boolean aboutFlags) {
  static UsageError of(ParameterException e, String... words) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    return switch (e) {
      case UnmatchedArgumentException unmatched -> unmatched(command, unmatched);
      case MissingParameterException missing -> missing(command, missing, words);
      default -> flag(command, invalidValue(e));
    };
  }

  private static UsageError unmatched(CommandSpec command, UnmatchedArgumentException e) {
    String word = e.getUnmatched().getFirst();
    if (word.startsWith("--")) {
      int equals = word.indexOf('=');
      return flag(command, "unknown flag: " + (equals < 0 ? word : word.substring(0, equals)));
    }
    if (word.startsWith("-") && word.length() > 1) {
      return flag(command, "unknown shorthand flag: '%s' in %s".formatted(word.charAt(1), word));
    }
    if (command.parent() == null) {
      return arguments(command, "keg: unknown command: keg " + word, "Run");
    }
    return arguments(command);
  }

  private static UsageError missing(
      CommandSpec command, MissingParameterException e, String... words) {
    for (ArgSpec missing : e.getMissing()) {
      if (missing instanceof OptionSpec option) {
        return flag(command, "flag needs an argument: " + asTyped(option, words));
      }
    }
    return arguments(command);
  }

  // pflag: the long name, or the letter and the word that it ends.
  private static String asTyped(OptionSpec option, String... words) {
    String last = words[words.length - 1];
    return last.startsWith("-") && !last.startsWith("--")
        ? "'%s' in %s".formatted(last.charAt(last.length() - 1), last)
        : option.longestName();
  }

  private static String invalidValue(ParameterException e) {
    String why =
        e.getCause() instanceof TypeConversionException cause ? cause.getMessage() : e.getMessage();
    return e.getArgSpec() instanceof OptionSpec option
        ? "invalid argument \"%s\" for \"%s\" flag: %s"
            .formatted(e.getValue(), String.join(", ", option.names()), why)
        : String.valueOf(why);
  }

  private static UsageError flag(CommandSpec command, String message) {
    return new UsageError(message, synopsis(command), pointer("Run", command), true);
  }

  // docker/cli: cli/required.go
  private static UsageError arguments(CommandSpec command) {
    int least = 0;
    int most = 0;
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      least += parameter.arity().min();
      most = parameter.arity().isVariable() ? Integer.MAX_VALUE : most + parameter.arity().max();
    }
    String name = "keg: '" + command.qualifiedName() + "' ";
    if (most == 0) {
      return arguments(command, name + "accepts no arguments", "Run");
    }
    if (most == Integer.MAX_VALUE) {
      return arguments(command, name + "requires at least " + counted(least), "See");
    }
    String rule = least == most ? "requires " : "requires at most ";
    return arguments(command, name + rule + counted(most), "Run");
  }

  private static String counted(int arguments) {
    return arguments + (arguments == 1 ? " argument" : " arguments");
  }

  private static UsageError arguments(CommandSpec command, String message, String verb) {
    return new UsageError(message, synopsis(command), pointer(verb, command), false);
  }

  private static String synopsis(CommandSpec command) {
    return String.join("", List.of(command.usageMessage().customSynopsis()));
  }

  private static String pointer(String verb, CommandSpec command) {
    return "%s '%s --help' for more information".formatted(verb, command.qualifiedName());
  }
}
