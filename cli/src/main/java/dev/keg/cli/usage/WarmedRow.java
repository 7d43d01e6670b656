package dev.keg.cli.usage;

import dev.keg.cli.json.Json;
import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import dev.keg.volume.Size;
import dev.keg.warming.Warmed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of {@code keg warm}.
 *
 * @param path the path in the volume; empty for all of it
 */
public record WarmedRow(String volume, String path, Warmed warmed) {
  private static final String UNKNOWN = "N/A";

  /** The columns. */
  public static final Rows<WarmedRow> ROWS =
      new Rows<>(
          Columns.<WarmedRow>of("warmed")
              .with("Volume", "VOLUME", WarmedRow::name)
              .with("Files", "FILES", row -> Long.toString(row.warmed().files()))
              .with("Size", "SIZE", row -> row.warmed().size().human())
              .with("Before", "BEFORE", row -> row.part(row.warmed().before()))
              .with("After", "AFTER", row -> row.part(row.warmed().after())),
          List.of("Volume", "Files", "Size", "Before", "After"),
          List.of("Volume", "After"));

  private String name() {
    return path.isEmpty() ? volume : volume + ":" + path;
  }

  private String part(Optional<Size> cached) {
    long size = warmed.size().bytes();
    return cached
        .map(c -> c.human() + " (" + (size == 0 ? 100 : c.bytes() * 100 / size) + "%)")
        .orElse(UNKNOWN);
  }

  /** All figures as an object; unknown ones are left out. */
  public String json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("Volume", volume);
    fields.put("Path", path);
    fields.put("Files", warmed.files());
    fields.put("SizeBytes", warmed.size().bytes());
    warmed.before().ifPresent(size -> fields.put("CachedBefore", size.bytes()));
    warmed.after().ifPresent(size -> fields.put("CachedAfter", size.bytes()));
    return Json.compact(fields);
  }
}
