package dev.keg.cli.command;

import dev.keg.backup.replica.KnownRepositories;
import dev.keg.backup.repository.Repository;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.RepositoryColumns;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.InvalidInput.InvalidRepository;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg repo}. */
@Command(
    name = "repo",
    customSynopsis = "keg repo [OPTIONS] [ls | trust|distrust|upgrade REPO | key ACTION...]",
    header = "List, trust and upgrade repositories, and change their keys")
public final class RepoCommand implements Runnable {
  /** What can be done. */
  private static final class Actions extends ArrayList<String> {
    Actions() {
      super(List.of("distrust", "key", "ls", "trust", "upgrade"));
    }
  }

  @ParentCommand private Keg keg;
  @Mixin private RowOptions rows = new RowOptions();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ACTION",
      completionCandidates = Actions.class)
  private String action = "ls";

  @Parameters(index = "1..*", arity = "0..*", paramLabel = "REPO")
  private List<String> words = new ArrayList<>();

  @Mixin private RepositoryKeyActions keys = new RepositoryKeyActions();

  @Override
  public void run() {
    Session session = keg.session();
    KnownRepositories known = session.knownRepositories();
    WrongUse.throwIf(
        keys.given() && !action.equals("key"),
        "--name, --new-key-file and --recipient apply only to key");
    switch (action) {
      case "key" -> keys.run(session, rows, words);
      case "ls" -> list(session, known);
      case "trust" -> trust(session, known, named());
      case "distrust" -> {
        String location = named();
        if (!known.distrust(location)) {
          throw new InvalidRepository("'" + location + "' is not trusted", null);
        }
        session.streams().out().println(location);
      }
      case "upgrade" -> upgrade(session, named());
      default ->
          throw new WrongUse(
              "unknown action '" + action + "': use ls, trust, distrust, upgrade or key");
    }
  }

  private String named() {
    if (rows.given()) {
      throw new WrongUse("--format and --quiet apply only to ls");
    }
    WrongUse.throwIf(words.size() != 1, action + " requires a repository");
    return words.getFirst();
  }

  private void list(Session session, KnownRepositories known) {
    if (!words.isEmpty()) {
      throw new WrongUse("ls takes no repository");
    }
    RepositoryColumns.rows().print(session.streams().out(), rows.format(), known.all());
  }

  private static void upgrade(Session session, String location) {
    try (Repository opened = session.repositories().open(location)) {
      opened.upgrade();
    }
    session.streams().out().println(location);
  }

  private static void trust(Session session, KnownRepositories known, String location) {
    try (Repository opened = session.repositories().accept(location)) {
      known.trust(location, opened);
    }
    session.streams().out().println(location);
  }
}
