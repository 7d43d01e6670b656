package dev.keg.cli.command;

import dev.keg.backup.retention.Age;
import dev.keg.cli.action.SnapshotActions;
import dev.keg.cli.action.SnapshotWords;
import dev.keg.cli.option.Converters;
import dev.keg.cli.option.OneOf;
import dev.keg.cli.option.OptionScopes;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.FileLine;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.WrongUse;
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

/** {@code keg snapshot}. */
@Command(name = "snapshot", customSynopsis = "keg snapshot [OPTIONS] ACTION [VOLUME [NAME...]]")
public final class SnapshotCommand implements Runnable {
  private enum Action {
    CREATE,
    LS,
    RM,
    RESTORE,
    DIFF
  }

  /** The actions. */
  private static final class ActionWord extends OneOf<Action> {
    ActionWord() {
      super(Action.values(), OneOf::word);
    }
  }

  private static final OptionScopes<Action> SCOPES =
      new OptionScopes<Action>(OneOf::word)
          .with(EnumSet.of(Action.CREATE), "--expires", "--copy")
          .with(EnumSet.of(Action.RESTORE), "--yes")
          .with(EnumSet.of(Action.LS), "--format");

  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;
  @Mixin private RowOptions rows = new RowOptions(SnapshotActions::rows);

  @Option(
      names = "--expires",
      paramLabel = "age",
      converter = Converters.AgeText.class,
      description = "With create, let `keg maintain` remove it after this time (e.g. 7d)")
  private Optional<Age> expires = Optional.empty();

  @Option(
      names = "--copy",
      description = "With create, do not ask before more than 1 GiB is copied")
  private boolean copy;

  @Option(
      names = {"-y", "--yes"},
      description = "With restore, do not prompt for confirmation")
  private boolean yes;

  @Parameters(
      index = "0",
      paramLabel = "ACTION",
      arity = "1",
      converter = ActionWord.class,
      completionCandidates = ActionWord.class)
  private Action action;

  @Parameters(index = "1", paramLabel = "VOLUME", arity = "0..1")
  private Optional<String> volume = Optional.empty();

  @Parameters(index = "2..*", paramLabel = "NAME", arity = "0..*")
  private List<String> names = new ArrayList<>();

  @Override
  public void run() {
    WrongUse.throwIfAny(SCOPES.misplaced(spec, action));
    SnapshotWords words = SnapshotWords.of(volume, names);
    SnapshotActions actions = new SnapshotActions(keg.session(rows.quiet()), words, rows.format());
    switch (action) {
      case CREATE -> actions.create(expires, copy);
      case LS -> actions.list();
      case RM -> actions.remove();
      case RESTORE -> actions.restore(yes);
      case DIFF -> actions.compare(FileLine.Style.of(rows.json(), rows.quiet()));
    }
  }
}
