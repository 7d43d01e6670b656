package dev.keg.cli.command;

import dev.keg.cli.completion.Completion;
import dev.keg.cli.session.Keg;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code keg __complete -- WORD...}: serves the completion scripts. */
@Command(name = "__complete", customSynopsis = "keg __complete -- WORD...")
public final class CompleteCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;

  @Option(
      names = "--docker",
      hidden = true,
      description = "Complete in docker's protocol for plugins")
  private boolean docker;

  @Parameters(arity = "0..*", paramLabel = "WORD")
  private List<String> words = new ArrayList<>();

  @Override
  public void run() {
    Completion.lines(spec.root(), root -> keg.session(root), words)
        .forEach(line -> keg.session().streams().out().println(docker ? ofDocker(line) : line));
  }

  /** Docker tells what else to offer by the numbers of cobra: 4 means no file names, 2 no space. */
  private static String ofDocker(String line) {
    return switch (line) {
      case ":" -> ":4";
      case ":open" -> ":6";
      case ":files" -> ":0";
      default -> line;
    };
  }
}
