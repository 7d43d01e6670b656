package dev.keg.cli.output;

import dev.keg.cli.output.VolumeRow.Usage;
import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import dev.keg.cli.template.Struct;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Docker's columns of volumes. */
public final class VolumeColumns {
  private static final String UNKNOWN = "N/A";

  private static final Columns<VolumeRow> COLUMNS =
      Columns.<VolumeRow>of("*formatter.volumeContext")
          .with("Name", "VOLUME NAME", row -> row.volume().name().text())
          .with("Driver", "DRIVER", row -> row.volume().driver())
          .with("Scope", "SCOPE", row -> row.scope().get())
          .with("Mountpoint", "MOUNTPOINT", row -> row.mountpoint().get())
          .with("Labels", "LABELS", VolumeColumns::labels)
          .with("Links", "LINKS", VolumeColumns::links)
          .with("Size", "SIZE", VolumeColumns::size)
          .with("Group", "GROUP", _ -> UNKNOWN)
          .with("Availability", "AVAILABILITY", _ -> UNKNOWN)
          .with("Status", "STATUS", VolumeColumns::status)
          .withKey("Label", (row, key) -> row.volume().labels().map().getOrDefault(key, ""));

  private VolumeColumns() {}

  /**
   * For {@code ls}, and with the size in the table for {@code ls --size}.
   *
   * @param zone the time zone for a template that prints a whole row
   */
  public static Rows<VolumeRow> rows(boolean withSize, Supplier<ZoneId> zone) {
    Columns<VolumeRow> columns = COLUMNS.printedAs(row -> new Context(row, zone.get()));
    for (String field : VolumeDocument.OWN_FIELDS) {
      columns = columns.withHidden(field, header(field), row -> own(row, field, zone.get()));
    }
    List<String> table = withSize ? List.of("Driver", "Name", "Size") : List.of("Driver", "Name");
    return new Rows<>(columns, table, List.of("Name", "Driver"));
  }

  /** {@code SizeBytes} becomes {@code SIZE BYTES}. */
  private static String header(String field) {
    return field.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toUpperCase(Locale.ROOT);
  }

  private static String own(VolumeRow row, String field, ZoneId zone) {
    return row.document() == null ? UNKNOWN : row.document().get().text(field, zone);
  }

  private static String labels(VolumeRow row) {
    StringJoiner labels = new StringJoiner(",");
    row.volume().labels().map().forEach((key, value) -> labels.add(key + "=" + value));
    return labels.toString();
  }

  private static String links(VolumeRow row) {
    Usage usage = row.usage();
    return usage == null ? UNKNOWN : String.valueOf(usage.holders());
  }

  private static String size(VolumeRow row) {
    Usage usage = row.usage();
    return usage == null ? UNKNOWN : usage.size().human();
  }

  private static String status(VolumeRow row) {
    return row.status() == null ? UNKNOWN : row.status().get();
  }

  /** Docker's structure behind a row. */
  private record Context(VolumeRow row, ZoneId zone) implements Struct {
    @Override
    public String type() {
      return "*formatter.volumeContext";
    }

    @Override
    public SequencedMap<String, Struct> fields() {
      SequencedMap<String, Struct> fields = new LinkedHashMap<>();
      fields.put("HeaderContext", new HeaderContext());
      fields.put(
          "v",
          new InspectView(
                  row.volume(),
                  row.mountpoint().get(),
                  row.scope().get(),
                  new TreeMap<>(),
                  row.usage(),
                  null)
              .in(zone));
      return fields;
    }
  }

  private record HeaderContext() implements Struct {
    @Override
    public String type() {
      return "formatter.HeaderContext";
    }

    @Override
    public SequencedMap<String, ? extends @Nullable Object> fields() {
      SequencedMap<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("Header", null);
      return fields;
    }
  }
}
