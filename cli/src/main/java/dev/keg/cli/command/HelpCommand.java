package dev.keg.cli.command;

import dev.keg.cli.help.Topic;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Keg;
import dev.keg.error.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code keg help}: about keg, commands, or a topic. */
@Command(name = "help", customSynopsis = "keg help [COMMAND|TOPIC...]")
public final class HelpCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "COMMAND|TOPIC", completionCandidates = Words.class)
  private List<String> words = new ArrayList<>();

  /** The topics; completion adds the commands. */
  static final class Words implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Topic.values()).map(Topic::word).iterator();
    }
  }

  @Override
  public void run() {
    String text =
        words.isEmpty()
            ? spec.root().commandLine().getUsageMessage()
            : String.join("\n", words.stream().map(this::about).toList());
    keg.session().streams().out().print(text);
  }

  private String about(String word) {
    CommandLine command = spec.root().subcommands().get(word);
    return command != null
        ? command.getUsageMessage()
        : Topic.of(word).map(Topic::text).orElseThrow(() -> unknown(word));
  }

  private static String topics() {
    return String.join(", ", Arrays.stream(Topic.values()).map(Topic::word).toList());
  }

  private CommandFailure unknown(String word) {
    Stream<String> known =
        Stream.concat(
            spec.root().subcommands().keySet().stream(),
            Arrays.stream(Topic.values()).map(Topic::word));
    Optional<String> near = Suggestion.of(word, known);
    return new CommandFailure(
        "keg: no command or help topic is called '%s'%s"
            .formatted(
                word,
                near.map(n -> "\nHint: did you mean " + n + "?")
                    .orElse("\nHint: `keg help` lists the commands; the topics are " + topics())),
        1);
  }
}
