package dev.keg.cli.action;

import dev.keg.backup.browse.BackupPath;
import dev.keg.backup.browse.BackupTree;
import dev.keg.backup.browse.Browsing;
import dev.keg.backup.browse.NameSearch;
import dev.keg.backup.browse.NameSearch.Event;
import dev.keg.backup.browse.NameSearch.Matches;
import dev.keg.backup.browse.SpaceTaken;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.EventColumns;
import dev.keg.cli.output.FileLine;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.RegistryException.FileFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** {@code keg backups} with an action: shows the content of backups. */
public record BrowseRun(Session session, Browsing browsing, RowOptions how) {
  private static final int PIECE = 1 << 20;

  /**
   * Runs an action: cat, diff, du, find or ls.
   *
   * @param below whether ls lists everything below a directory
   * @param isOfHost selects the backups that find searches
   */
  public void run(String action, List<String> places, boolean below, Predicate<Backup> isOfHost) {
    if (action.equals("find")) {
      find(places, isOfHost);
      return;
    }
    WrongUse.throwIf(how.hasFormat(), "--format applies only to lists of backups and to find");
    WrongUse.throwIf(action.equals("cat") && how.given(), "cat takes neither --json nor --quiet");
    FileLine.Style style = FileLine.Style.of(how.json(), how.quiet());
    switch (action) {
      case "ls" -> list(places, below, style);
      case "cat" -> print(places);
      case "du" -> measure(places, style);
      default -> new CompareBackups(session, browsing, style).run(places);
    }
  }

  /** Lists when files with these names appeared, changed and vanished. */
  private void find(List<String> names, Predicate<Backup> wanted) {
    BackupCatalog catalog = browsing.repository().list();
    NameSearch search = new NameSearch(browsing, names);
    List<RuntimeException> problems =
        new ArrayList<>(catalog.problems(browsing.repository().address()));
    List<Event> events = new ArrayList<>();
    for (List<Backup> history : catalog.histories()) {
      Matches found = search.in(history.stream().filter(wanted).toList());
      events.addAll(found.events());
      problems.addAll(found.problems());
    }
    EventColumns.rows(session.zone()).print(session.streams().out(), how.format(), events);
    PartialFailure.throwIfAny(problems);
  }

  /** Lists a directory, or one file. */
  private void list(List<String> words, boolean below, FileLine.Style style) {
    FileLine line = new FileLine(session.zone());
    List<InvalidArchive> lost = new ArrayList<>();
    for (String word : words) {
      BackupPath place = BackupPath.parse(word, session.clock());
      try (BackupTree tree = browsing.open(place)) {
        Browsing.list(tree, place.path(), below, lost::add)
            .forEachRemaining(file -> print(line.in(style, file)));
      }
    }
    PartialFailure.throwIfAny(lost);
  }

  /** Prints the space of a directory and of each entry in it. */
  private void measure(List<String> words, FileLine.Style style) {
    List<InvalidArchive> lost = new ArrayList<>();
    for (String word : words) {
      BackupPath place = BackupPath.parse(word, session.clock());
      try (BackupTree tree = browsing.open(place)) {
        SpaceTaken.of(tree, place.path(), lost::add)
            .forEach(taken -> print(FileLine.in(style, taken)));
      }
    }
    PartialFailure.throwIfAny(lost);
  }

  private void print(String line) {
    session.streams().out().println(line);
  }

  /** Copies the content of files to standard output. */
  private void print(List<String> words) {
    for (String word : words) {
      BackupPath place = BackupPath.parse(word, session.clock());
      WrongUse.throwIf(place.path().isRoot(), "cat requires a file: VOLUME[@BACKUP]:PATH");
      try (BackupTree tree = browsing.open(place);
          InputStream content = Browsing.content(tree, place.path())) {
        copy(content);
      } catch (IOException e) {
        throw new FileFailure("read", word, String.valueOf(e.getMessage()), e);
      }
    }
  }

  /** Ends early if nobody reads any more; the error is reported when the program ends. */
  private void copy(InputStream content) throws IOException {
    PrintStream out = session.streams().out();
    byte[] piece = new byte[PIECE];
    int count = content.read(piece);
    while (count >= 0 && !out.checkError()) {
      out.write(piece, 0, count);
      count = content.read(piece);
    }
  }
}
