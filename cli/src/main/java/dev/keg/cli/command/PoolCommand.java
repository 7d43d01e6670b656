package dev.keg.cli.command;

import dev.keg.cli.option.OneOf;
import dev.keg.cli.option.OptionScopes;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.PoolRow;
import dev.keg.cli.output.Result;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.registry.pool.Pool;
import dev.keg.volume.PoolName;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code keg pool}. */
@Command(
    name = "pool",
    customSynopsis = "keg pool [OPTIONS] [ls | add NAME DIRECTORY | rm NAME]",
    header = "Keep volumes on several disks")
public final class PoolCommand implements Runnable {
  private enum Action {
    LS,
    ADD,
    RM
  }

  /** What can be done. */
  private static final class ActionWord extends OneOf<Action> {
    ActionWord() {
      super(Action.values(), OneOf::word);
    }
  }

  private static final OptionScopes<Action> SCOPES =
      new OptionScopes<Action>(OneOf::word)
          .with(EnumSet.of(Action.LS), RowOptions.NAMES)
          .with(EnumSet.of(Action.RM), "--lost");

  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;
  @Mixin private RowOptions rows = new RowOptions();

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
    Session session = keg.session(rows.quiet());
    switch (action) {
      case LS -> {
        WrongUse.throwIf(!words.isEmpty(), "ls takes no arguments");
        session.warnOfMissingRoot();
        PoolRow.ROWS.print(session.streams().out(), rows.format(), session.poolStates());
      }
      case ADD -> {
        WrongUse.throwIf(words.size() != 2, "add takes a name and a directory");
        add(session, new PoolName(words.getFirst()), words.get(1));
      }
      case RM -> {
        WrongUse.throwIf(words.size() != 1, "rm takes a name");
        remove(session, new PoolName(words.getFirst()));
      }
    }
  }

  private void add(Session session, PoolName name, String directory) {
    Pool pool =
        session.registry().pools().add(name, session.files().getPath(directory).toAbsolutePath());
    int volumes = session.registry().pools().volumes(name).size();
    rows.print(
        session,
        Result.of(name.text())
            .with("Name", name.text())
            .with("Directory", pool.directory().toString())
            .with("Volumes", volumes));
  }

  private void remove(Session session, PoolName name) {
    session.registry().pools().remove(name, lost);
    rows.print(session, Result.of(name.text()).with("Name", name.text()).with("Removed", true));
  }
}
