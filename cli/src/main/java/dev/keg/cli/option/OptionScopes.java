package dev.keg.cli.option;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Which options of a command go with which of its uses; an option that is not named goes with all.
 */
public final class OptionScopes<U extends Enum<U>> {
  private final Function<U, String> word;
  private final Map<String, Set<U>> scopes = new LinkedHashMap<>();

  public OptionScopes(Function<U, String> word) {
    this.word = word;
  }

  /** These scopes, with options that go with these uses only. */
  public OptionScopes<U> with(EnumSet<U> uses, String... options) {
    for (String option : options) {
      scopes.put(option, uses);
    }
    return this;
  }

  /** What is wrong with the options given to the command that is used so. */
  public Optional<String> misplaced(CommandSpec command, U use) {
    return command.commandLine().getParseResult().matchedOptions().stream()
        .map(OptionSpec::longestName)
        .filter(option -> scopes.containsKey(option) && !scopes.get(option).contains(use))
        .map(this::applies)
        .findFirst();
  }

  private String applies(String option) {
    return option
        + " applies only to "
        + scopes.get(option).stream().map(word).collect(Collectors.joining(", "));
  }
}
