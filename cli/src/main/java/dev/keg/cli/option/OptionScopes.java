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
 * The options of a command that are valid only for some of its uses; other options are valid for
 * all.
 */
public final class OptionScopes<U extends Enum<U>> {
  private final Function<U, String> word;
  private final Map<String, Set<U>> scopes = new LinkedHashMap<>();

  public OptionScopes(Function<U, String> word) {
    this.word = word;
  }

  /** Adds options that are valid only for these uses. */
  public OptionScopes<U> with(EnumSet<U> uses, List<String> options) {
    for (String option : options) {
      scopes.put(option, uses);
    }
    return this;
  }

  public OptionScopes<U> with(EnumSet<U> uses, String... options) {
    return with(uses, List.of(options));
  }

  /** A misplaced option for this use of the command, if any. */
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
