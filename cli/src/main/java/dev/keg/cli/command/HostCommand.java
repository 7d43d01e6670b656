package dev.keg.cli.command;

import dev.keg.cli.action.HostActions;
import dev.keg.cli.option.OneOf;
import dev.keg.cli.option.OptionScopes;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.WrongUse;
import dev.keg.registry.shared.Hosts.OwnVolumes;
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

/** {@code keg host}. */
@Command(name = "host", customSynopsis = "keg host [OPTIONS] [ls | rm HOST | beat]")
public final class HostCommand implements Runnable {
  private enum Action {
    LS,
    RM,
    BEAT
  }

  /** The actions. */
  private static final class ActionWord extends OneOf<Action> {
    ActionWord() {
      super(Action.values(), OneOf::word);
    }
  }

  private static final OptionScopes<Action> SCOPES =
      new OptionScopes<Action>(OneOf::word)
          .with(EnumSet.of(Action.RM), "--fenced-by", "--force", "--forget-volumes")
          .with(EnumSet.of(Action.LS), RowOptions.NAMES)
          .with(EnumSet.of(Action.LS, Action.RM), "--json");

  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;
  @Mixin private RowOptions rows = new RowOptions(_ -> HostActions.ROWS);

  @Option(
      names = "--fenced-by",
      paramLabel = "command",
      description =
          "With rm, first run this command, which powers the host off or fences it; if it succeeds,"
              + " everything that the host holds is released")
  private Optional<String> fence = Optional.empty();

  @Option(
      names = {"-f", "--force"},
      description = "With rm, assume that the host is gone; requires 10 minutes of silence")
  private boolean force;

  @Option(
      names = "--forget-volumes",
      description =
          "With rm, also forget the volumes that have their data there; the data stays on that"
              + " host")
  private boolean forgetVolumes;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ACTION",
      converter = ActionWord.class,
      completionCandidates = ActionWord.class)
  private Action action = Action.LS;

  @Parameters(index = "1..*", arity = "0..*", paramLabel = "HOST")
  private List<String> hosts = new ArrayList<>();

  @Override
  public void run() {
    WrongUse.throwIfAny(SCOPES.misplaced(spec, action));
    WrongUse.throwIf(fence.isPresent() && force, "conflicting options: --fenced-by and --force");
    WrongUse.throwIf(
        hosts.size() != (action == Action.RM ? 1 : 0),
        action == Action.RM ? "rm takes one host" : OneOf.word(action) + " takes no host");
    HostActions actions = new HostActions(keg.session(), rows);
    switch (action) {
      case LS -> actions.list();
      case RM ->
          actions.remove(
              hosts.getFirst(), fence, force, forgetVolumes ? OwnVolumes.FORGET : OwnVolumes.KEEP);
      case BEAT -> actions.beat();
    }
  }
}
