package dev.keg.cli.output;

import dev.keg.backup.browse.NameSearch.Event;
import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import dev.keg.cli.output.table.Timestamps;
import java.time.ZoneId;
import java.util.List;

/** The columns of {@code keg backups find}. */
public final class EventColumns {
  private EventColumns() {}

  public static Rows<Event> rows(ZoneId zone) {
    return new Rows<>(
        Columns.<Event>of("event")
            .with("Path", "PATH", event -> event.change().path().toString())
            .with("Change", "CHANGE", event -> event.change().kind().toString())
            .with("ID", "BACKUP ID", event -> event.backup().id().text())
            .with("Volume", "VOLUME", event -> event.backup().record().volume().name().text())
            .with("Host", "HOST", event -> event.backup().record().origin().host())
            .with(
                "Time",
                "TIME",
                event -> BackupColumns.time(event.backup().record().started(), zone))
            .with(
                "Size",
                "SIZE",
                event -> String.valueOf(event.change().file().size()),
                event -> event.change().file().size())
            .with(
                "Modified",
                "MODIFIED",
                event ->
                    Timestamps.seconds(
                        event.change().file().entry().attributes().modified(), zone)),
        List.of("Volume", "Change", "ID", "Size", "Modified", "Path"),
        List.of("Path", "Change", "ID"));
  }
}
