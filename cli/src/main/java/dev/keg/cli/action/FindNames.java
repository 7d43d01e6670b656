package dev.keg.cli.action;

import dev.keg.backup.browse.Browsing;
import dev.keg.backup.browse.NameSearch;
import dev.keg.backup.browse.NameSearch.Event;
import dev.keg.backup.browse.NameSearch.Found;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.Catalog;
import dev.keg.cli.output.EventColumns;
import dev.keg.cli.output.table.Format;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** {@code keg backups find}: when files of a name appeared, changed and vanished. */
public record FindNames(
    Session session, Browsing browsing, Predicate<Backup> wanted, Format format) {
  public void run(List<String> names) {
    Catalog catalog = browsing.repository().list();
    NameSearch search = new NameSearch(browsing, names);
    List<RuntimeException> problems =
        new ArrayList<>(catalog.problems(browsing.repository().address()));
    List<Event> events = new ArrayList<>();
    for (List<Backup> history : catalog.histories()) {
      Found found = search.in(history.stream().filter(wanted).toList());
      events.addAll(found.events());
      problems.addAll(found.problems());
    }
    EventColumns.rows(session.zone()).print(session.streams().out(), format, events);
    PartialFailure.throwIfAny(problems);
  }
}
