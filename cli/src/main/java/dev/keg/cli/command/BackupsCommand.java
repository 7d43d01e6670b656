package dev.keg.cli.command;

import dev.keg.backup.browse.Browsing;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.retention.Age;
import dev.keg.cli.action.BackupList;
import dev.keg.cli.action.BrowseRun;
import dev.keg.cli.option.Converters;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.option.backup.HostOption;
import dev.keg.cli.option.backup.RepositoryOptions;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg backups}. */
@Command(name = "backups", customSynopsis = "keg backups [OPTIONS] [VOLUME... | ACTION PLACE...]")
public final class BackupsCommand implements Runnable {
  /** The actions that look into backups. */
  private static final class Actions extends ArrayList<String> {
    Actions() {
      super(List.of("cat", "diff", "du", "find", "ls"));
    }
  }

  private static final List<String> ACTIONS = new Actions();

  @ParentCommand private Keg keg;
  @Mixin private RepositoryOptions where = new RepositoryOptions();
  @Mixin private HostOption host = new HostOption();
  @Mixin private RowOptions how = new RowOptions(BackupList::rows);

  @Option(
      names = {"-R", "--recursive"},
      description = "With ls, list what is below the directory as well")
  private boolean recursive;

  @Option(names = "--stats", description = "Show how much is stored for each volume, and for all")
  private boolean stats;

  @Option(
      names = "--check-age",
      paramLabel = "age",
      converter = Converters.AgeText.class,
      description =
          "List only the newest backup of each volume, and fail if one is damaged or older, for"
              + " example 26h")
  private Optional<Age> maxAge = Optional.empty();

  @Parameters(arity = "0..*", paramLabel = "VOLUME", completionCandidates = Actions.class)
  private List<String> words = new ArrayList<>();

  @Override
  public void run() {
    Session session = keg.session();
    boolean list = words.size() < 2 || !ACTIONS.contains(words.getFirst());
    String action = list ? "" : words.getFirst();
    WrongUse.throwIf(recursive && !action.equals("ls"), "--recursive applies only to ls");
    WrongUse.throwIf(
        maxAge.isPresent() && (!list || stats), "--check-age takes neither an action nor --stats");
    WrongUse.throwIf(
        stats && (!list || how.quiet()), "--stats takes neither an action nor --quiet");
    try (Repository repository = session.repositories().open(where.location(session))) {
      Predicate<Backup> ofHost = backup -> host.covers(session, backup.record());
      BackupList backups = new BackupList(session, repository, how, words, ofHost);
      if (stats) {
        backups.printShares(words.isEmpty() && !host.given());
      } else if (maxAge.isPresent()) {
        backups.printNewest(maxAge.get());
      } else if (list) {
        backups.print(this::requirePlace);
      } else {
        new BrowseRun(session, new Browsing(repository, host.whose(session), session::warn), how)
            .run(action, words.subList(1, words.size()), recursive, ofHost);
      }
    }
  }

  // The word may be meant as an action rather than the name of a volume.
  private void requirePlace() {
    if (words.size() == 1 && ACTIONS.contains(words.getFirst())) {
      throw new WrongUse(words.getFirst() + " requires a place or name");
    }
  }
}
