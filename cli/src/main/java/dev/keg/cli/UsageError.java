package dev.keg.cli;

import dev.keg.cli.FlagParser.UnknownFlag;
import dev.keg.error.Suggestion;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * A mistake on a command line, in docker's words.
 *
 * @param near a word that was perhaps meant
 * @param aboutFlags whether a flag is wrong, which has its own exit status
 */
record UsageError(
    String message, Optional<String> near, String synopsis, String pointer, boolean aboutFlags) {
  static UsageError of(ParameterException e) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    return switch (e) {
      case UnknownFlag unknown ->
          flag(command, String.valueOf(unknown.getMessage()))
              .suggesting(
                  Synonyms.flag(unknown.flag())
                      .filter(flag -> command.findOption(flag) != null)
                      .or(() -> nearest(command, unknown.flag())));
      case UnmatchedArgumentException unmatched when command.parent() == null ->
          unknownCommand(command, unmatched.getUnmatched().getFirst());
      case UnmatchedArgumentException _, MissingParameterException _ -> arguments(command);
      default -> flag(command, invalidValue(e));
    };
  }

  private static Optional<String> nearest(CommandSpec command, String flag) {
    return Suggestion.of(
        flag,
        command.options().stream().filter(option -> !option.hidden()).map(OptionSpec::longestName));
  }

  private static UsageError unknownCommand(CommandSpec keg, String word) {
    return arguments(keg, "keg: unknown command: keg " + word, "Run")
        .suggesting(
            Synonyms.command(word)
                .or(
                    () ->
                        Suggestion.of(
                            word,
                            keg.subcommands().values().stream()
                                .map(CommandLine::getCommandSpec)
                                .filter(command -> !command.usageMessage().hidden())
                                .map(CommandSpec::name))));
  }

  private UsageError suggesting(Optional<String> word) {
    return new UsageError(message, word, synopsis, pointer, aboutFlags);
  }

  private static String invalidValue(ParameterException e) {
    String why =
        e.getCause() instanceof TypeConversionException cause ? cause.getMessage() : e.getMessage();
    if (e.getArgSpec() instanceof PositionalParamSpec parameter && e.getCause() != null) {
      return "invalid argument \"%s\" for %s: %s"
          .formatted(e.getValue(), parameter.paramLabel(), why);
    }
    return e.getArgSpec() instanceof OptionSpec option
        ? "invalid argument \"%s\" for \"%s\" flag: %s"
            .formatted(e.getValue(), String.join(", ", option.names()), why)
        : String.valueOf(why);
  }

  private static UsageError flag(CommandSpec command, String message) {
    return new UsageError(
        message, Optional.empty(), synopsis(command), pointer("Run", command), true);
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
      int required = Math.max(1, least); // an option may replace the arguments
      return arguments(command, name + "requires at least " + counted(required), "See");
    }
    String lower = least == 0 || least == most ? "" : "at least " + least + " and ";
    String upper = least == most ? "" : "at most ";
    return arguments(command, name + "requires " + lower + upper + counted(most), "Run");
  }

  private static String counted(int arguments) {
    return arguments + (arguments == 1 ? " argument" : " arguments");
  }

  private static UsageError arguments(CommandSpec command, String message, String verb) {
    return new UsageError(
        message, Optional.empty(), synopsis(command), pointer(verb, command), false);
  }

  private static String synopsis(CommandSpec command) {
    return String.join("", List.of(command.usageMessage().customSynopsis()));
  }

  private static String pointer(String verb, CommandSpec command) {
    return "%s '%s --help' for more information".formatted(verb, command.qualifiedName());
  }
}
