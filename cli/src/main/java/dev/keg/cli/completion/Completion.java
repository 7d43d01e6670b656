package dev.keg.cli.completion;

import dev.keg.cli.session.Session;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Finds the possible words at the cursor. */
public final class Completion {
  private final CommandWords before;
  private final String current;
  private final ValueCandidates values;

  private Completion(CommandWords before, String current, ValueCandidates values) {
    this.before = before;
    this.current = current;
    this.values = values;
  }

  /**
   * The lines for a shell: each a word, then a tab and a description if it has one; the last begins
   * with a colon and tells whether file names may follow, or the word continues.
   *
   * @param words all words after the program's name; the last is the one at the cursor
   */
  public static List<String> lines(
      CommandSpec keg, Function<Optional<String>, Session> session, List<String> words) {
    List<String> earlier = words.subList(0, Math.max(0, words.size() - 1));
    CommandWords before = new CommandWords(keg, earlier);
    String root = before.value("--root", "");
    ValueCandidates values =
        new ValueCandidates(
            session.apply(root.isEmpty() ? Optional.empty() : Optional.of(root)), before);
    return new Completion(before, words.isEmpty() ? "" : words.getLast(), values).lines();
  }

  private List<String> lines() {
    List<Candidate> candidates =
        candidates().stream()
            .filter(candidate -> candidate.word().startsWith(current))
            .sorted(Comparator.comparing(Candidate::word))
            .toList();
    List<String> lines = new ArrayList<>();
    for (Candidate candidate : candidates) {
      String description = candidate.description();
      lines.add(description.isEmpty() ? candidate.word() : candidate.word() + "\t" + description);
    }
    boolean open = !candidates.isEmpty() && candidates.stream().allMatch(Candidate::open);
    // Only one can be given; an incomplete word is not a file.
    boolean begun = open && !current.isEmpty();
    lines.add(takesFile() && !begun ? ":files" : open ? ":open" : ":");
    return lines;
  }

  private List<Candidate> candidates() {
    OptionSpec waiting = before.waiting();
    if (waiting != null) {
      return values.of(waiting, current);
    }
    if (current.startsWith("-") && !before.optionsEnded()) {
      return current.contains("=") ? valueOfLongOption() : options();
    }
    return before.command().parent() == null
        ? ValueCandidates.commands(before.command()).toList()
        : arguments();
  }

  private List<Candidate> valueOfLongOption() {
    int equals = current.indexOf('=');
    OptionSpec option = before.command().findOption(current.substring(0, equals));
    if (option == null) {
      return List.of();
    }
    String prefix = current.substring(0, equals + 1);
    return values.of(option, current.substring(equals + 1)).stream()
        .map(value -> new Candidate(prefix + value.word(), value.description(), value.open()))
        .toList();
  }

  private List<Candidate> options() {
    return before.command().options().stream()
        .filter(option -> !option.hidden())
        .flatMap(
            option ->
                List.of(option.names()).stream()
                    .map(name -> Candidate.of(name, String.join(" ", option.description()))))
        .toList();
  }

  private List<Candidate> arguments() {
    Optional<PositionalParamSpec> parameter = argument();
    return parameter.map(p -> values.of(p, before.arguments())).orElse(List.of());
  }

  private Optional<PositionalParamSpec> argument() {
    int index = before.arguments().size();
    return before.command().positionalParameters().stream()
        .filter(parameter -> parameter.index().contains(index))
        .filter(parameter -> parameter.arity().isVariable() || index <= parameter.index().max())
        .findFirst();
  }

  private boolean takesFile() {
    OptionSpec waiting = before.waiting();
    if (waiting != null) {
      return ValueCandidates.isFile(waiting.paramLabel());
    }
    return !current.startsWith("-")
        && before.command().parent() != null
        && argument().map(p -> ValueCandidates.isFile(p.paramLabel())).orElse(false);
  }
}
