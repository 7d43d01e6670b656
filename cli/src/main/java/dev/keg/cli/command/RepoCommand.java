package dev.keg.cli.command;

import dev.keg.cli.action.RepositoryActions;
import dev.keg.cli.action.RepositoryCopy;
import dev.keg.cli.action.RepositoryKeyActions;
import dev.keg.cli.option.OneOf;
import dev.keg.cli.option.OptionScopes;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.option.backup.CopyOptions;
import dev.keg.cli.option.backup.NewKeyOptions;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code keg repo}. */
@Command(
    name = "repo",
    customSynopsis =
        "keg repo [OPTIONS] [ls | copy|sync FROM TO [VOLUME...] |"
            + " trust|distrust|accept|upgrade|extend-lock REPO | key ACTION...]")
public final class RepoCommand implements Runnable {
  private enum Action {
    LS,
    COPY,
    SYNC,
    TRUST,
    DISTRUST,
    ACCEPT,
    UPGRADE,
    EXTEND_LOCK,
    KEY
  }

  /** The actions. */
  private static final class ActionWord extends OneOf<Action> {
    ActionWord() {
      super(Action.values(), OneOf::word);
    }
  }

  private static final OptionScopes<Action> SCOPES =
      new OptionScopes<Action>(OneOf::word)
          .with(EnumSet.of(Action.LS, Action.KEY), "--format", "--quiet")
          .with(EnumSet.of(Action.KEY), NewKeyOptions.NAMES)
          .with(EnumSet.of(Action.COPY, Action.SYNC), CopyOptions.NAMES);

  @ParentCommand private Keg keg;
  @Spec private CommandSpec spec;
  @Mixin private RowOptions rows = new RowOptions(_ -> RepositoryActions.ROWS);
  @Mixin private CopyOptions copy = new CopyOptions();
  @Mixin private NewKeyOptions newKey = new NewKeyOptions();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ACTION",
      converter = ActionWord.class,
      completionCandidates = ActionWord.class)
  private Action action = Action.LS;

  @Parameters(index = "1..*", arity = "0..*", paramLabel = "REPO")
  private List<String> words = new ArrayList<>();

  @Override
  public void run() {
    Session session = keg.session(rows.quiet());
    WrongUse.throwIfAny(SCOPES.misplaced(spec, action));
    RepositoryActions actions = new RepositoryActions(session, rows);
    switch (action) {
      case LS -> {
        WrongUse.throwIf(!words.isEmpty(), "ls takes no repository");
        actions.list();
      }
      case COPY -> new RepositoryCopy(session, rows, copy).copy(words);
      case SYNC -> new RepositoryCopy(session, rows, copy).sync(words);
      case ACCEPT -> actions.accept(location());
      case TRUST -> actions.trust(location());
      case DISTRUST -> actions.distrust(location());
      case UPGRADE -> actions.upgrade(location());
      case EXTEND_LOCK -> actions.extendLock(location());
      case KEY -> new RepositoryKeyActions(session, rows, newKey).run(words);
    }
  }

  private String location() {
    WrongUse.throwIf(words.size() != 1, OneOf.word(action) + " requires a repository");
    return words.getFirst();
  }
}
