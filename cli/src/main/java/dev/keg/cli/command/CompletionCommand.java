package dev.keg.cli.command;

import dev.keg.cli.completion.CompletionScript;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.WrongUse;
import java.util.Arrays;
import java.util.Iterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg completion}: prints the completion script of a shell. */
@Command(name = "completion", customSynopsis = "keg completion bash|zsh|fish")
public final class CompletionCommand implements Runnable {
  @ParentCommand private Keg keg;

  @Parameters(arity = "1", paramLabel = "SHELL", completionCandidates = Shells.class)
  private String shell;

  /** The shells with a script. */
  static final class Shells implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(CompletionScript.values()).map(CompletionScript::shell).iterator();
    }
  }

  @Override
  public void run() {
    CompletionScript script =
        CompletionScript.of(shell)
            .orElseThrow(
                () ->
                    new WrongUse(
                        "no completion for '" + shell + "'; supported are bash, zsh and fish"));
    keg.session().streams().out().print(script.text());
  }
}
