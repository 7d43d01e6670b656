package dev.keg.cli.command;

import dev.keg.backup.replica.KnownRepositories;
import dev.keg.backup.repository.Repository;
import dev.keg.cli.option.OneOf;
import dev.keg.cli.option.OptionScopes;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.PoolRow;
import dev.keg.cli.output.Result;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.PoolException.PoolRefused;
import dev.keg.registry.Pools;
import dev.keg.registry.pool.Pool;
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

  /** What can be done. */
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
  @Mixin private RowOptions rows = new RowOptions();

  @Option(
      names = "--repo",
      paramLabel = "repository",
      description = "With add, instead of a directory: volumes in the pool are archived there")
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
    Session session = keg.session(rows.quiet());
    switch (action) {
      case LS -> {
        WrongUse.throwIf(!words.isEmpty(), "ls takes no arguments");
        session.warnOfMissingRoot();
        PoolRow.ROWS.print(session.streams().out(), rows.format(), session.usages().pools());
      }
      case ADD -> {
        WrongUse.throwIf(
            words.size() != (repository.isPresent() ? 1 : 2),
            "add takes a name, and a directory or --repo");
        add(session, new PoolName(words.getFirst()));
      }
      case RM -> {
        WrongUse.throwIf(words.size() != 1, "rm takes a name");
        remove(session, new PoolName(words.getFirst()));
      }
    }
  }

  private void add(Session session, PoolName name) {
    Pools pools = session.registry().pools();
    Pool pool =
        repository
            .map(location -> pools.addArchive(name, trusted(session, name, location)))
            .orElseGet(
                () -> pools.add(name, session.files().getPath(words.get(1)).toAbsolutePath()));
    rows.print(
        session,
        Result.of(name.text())
            .with("Name", name.text())
            .with("Directory", pool.repository().orElse(pool.directory().toString()))
            .with("Volumes", pools.volumes(name).size()));
  }

  /** Makes the repository if there is none; one that was made elsewhere has to be trusted. */
  private static String trusted(Session session, PoolName name, String location) {
    KnownRepositories known = session.knownRepositories();
    try (Repository opened = session.repositories().openOrCreate(location)) {
      if (opened.isNew()) {
        known.trust(location, opened);
      }
      if (!known.trusts(location, opened)) {
        throw new PoolRefused(
            name.text(),
            "this root does not trust " + opened.address(),
            "keg repo trust " + location);
      }
      known.remember(location);
      return known.normal(location);
    }
  }

  private void remove(Session session, PoolName name) {
    session.registry().pools().remove(name, lost);
    rows.print(session, Result.of(name.text()).with("Name", name.text()).with("Removed", true));
  }
}
