package dev.keg.cli.command;

import dev.keg.cli.action.RegistryActions;
import dev.keg.cli.option.OneOf;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.WrongUse;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg registry}. */
@Command(
    name = "registry",
    customSynopsis = "keg registry [OPTIONS] init | copy FROM TO | check [FROM TO]")
public final class RegistryCommand implements Runnable {
  private enum Action {
    INIT,
    COPY,
    CHECK
  }

  /** The actions. */
  private static final class ActionWord extends OneOf<Action> {
    ActionWord() {
      super(Action.values(), OneOf::word);
    }
  }

  @ParentCommand private Keg keg;
  @Mixin private ResultOptions results = new ResultOptions();

  @Parameters(
      index = "0",
      arity = "1",
      paramLabel = "ACTION",
      converter = ActionWord.class,
      completionCandidates = ActionWord.class)
  private Action action;

  @Parameters(index = "1..*", arity = "0..*", paramLabel = "REGISTRY")
  private List<String> words = new ArrayList<>();

  @Override
  public void run() {
    RegistryActions actions = new RegistryActions(keg.session(), results);
    switch (action) {
      case INIT -> {
        WrongUse.throwIf(!words.isEmpty(), "init takes no arguments; --root names the registry");
        actions.init();
      }
      case COPY -> {
        WrongUse.throwIf(words.size() != 2, "copy takes two registries");
        actions.copy(words.getFirst(), words.getLast());
      }
      case CHECK -> {
        WrongUse.throwIf(
            !words.isEmpty() && words.size() != 2, "check takes two registries or none");
        if (words.isEmpty()) {
          actions.check();
        } else {
          actions.check(words.getFirst(), words.getLast());
        }
      }
    }
  }
}
