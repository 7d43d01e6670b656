package dev.keg.cli.command;

import dev.keg.cli.action.PoolActions;
import dev.keg.cli.option.OneOf;
import dev.keg.cli.option.OptionScopes;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.PoolRow;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.WrongUse;
import dev.keg.volume.PoolName;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code keg pool}. */
@Command(name = "pool", customSynopsis = "keg pool [OPTIONS] [ls | add NAME DIRECTORY | rm NAME]")
public final class PoolCommand implements Runnable {
  private enum Action {
    LS,
    ADD,
    RM
  }

  /** The actions. */
  private static final class ActionWord extends OneOf<Action> {
    ActionWord() {
      super(Action.values(), OneOf::word);
    }
  }

  private static final OptionScopes<Action> SCOPES =
      new OptionScopes<Action>(OneOf::word)
          .with(EnumSet.of(Action.LS), RowOptions.NAMES)
          .with(EnumSet.of(Action.ADD), "--repo")
          .with(EnumSet.of(Action.RM), "--lost");

  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;
  @Mixin private RowOptions rows = new RowOptions(_ -> PoolRow.ROWS);

  @Option(
      names = "--repo",
      paramLabel = "repository",
      description =
          "With add, archive the volumes of the pool in this repository, not in a directory")
  private Optional<String> repository = Optional.empty();

  @Option(
      names = "--lost",
      description = "With rm, also forget a pool whose disk is lost, and all of its volumes")
  private boolean lost;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ACTION",
      converter = ActionWord.class,
      completionCandidates = ActionWord.class)
  private Action action = Action.LS;

  @Parameters(index = "1..*", arity = "0..*", paramLabel = "NAME")
  private List<String> words = new ArrayList<>();

  @Override
  public void run() {
    WrongUse.throwIfAny(SCOPES.misplaced(spec, action));
    PoolActions actions = new PoolActions(keg.session(rows.quiet()), rows);
    switch (action) {
      case LS -> {
        WrongUse.throwIf(!words.isEmpty(), "ls takes no arguments");
        actions.list();
      }
      case ADD -> {
        WrongUse.throwIf(
            words.size() != (repository.isPresent() ? 1 : 2),
            "add takes a name, and a directory or --repo");
        PoolName name = new PoolName(words.getFirst());
        repository.ifPresentOrElse(
            location -> actions.addArchive(name, location),
            () -> actions.add(name, words.getLast()));
      }
      case RM -> {
        WrongUse.throwIf(words.size() != 1, "rm takes a name");
        actions.remove(new PoolName(words.getFirst()), lost);
      }
    }
  }
}
