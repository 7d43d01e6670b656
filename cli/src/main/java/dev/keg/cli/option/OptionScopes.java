package dev.keg.cli.option;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
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
  public OptionScopes<U> with(EnumSet<U> uses, List<String> options) {
    for (String option : options) {
      scopes.put(option, uses);
    }
    return this;
  }

  public OptionScopes<U> with(EnumSet<U> uses, String... options) {
    return with(uses, List.of(options));
  }

  /** What is wrong with the options given to the command that is used so. */
  public Optional<String> misplaced(CommandSpec command, U use) {
    return command.commandLine().getParseResult().matchedOptions().stream()
        .map(OptionSpec::longestName)
        .flatMap(option -> misplaced(option, use).stream())
        .findFirst();
  }

  private Optional<String> misplaced(String option, U use) {
    return Optional.ofNullable(scopes.get(option))
        .filter(uses -> !uses.contains(use))
        .map(uses -> option + " applies only to " + words(uses));
  }

  private String words(Set<U> uses) {
    return uses.stream().map(word).collect(Collectors.joining(", "));
  }
}
