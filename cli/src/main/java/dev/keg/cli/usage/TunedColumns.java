package dev.keg.cli.usage;

import dev.keg.cli.json.Json;
import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Format;
import dev.keg.cli.output.table.Rows;
import dev.keg.tuning.Setting;
import dev.keg.tuning.Tuned;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The columns of {@code keg tune}. An unknown value is {@code N/A}. */
public final class TunedColumns {
  private static final String UNKNOWN = "N/A";
  private static final String NOTHING = "-";

  private TunedColumns() {}

  /** The current settings. */
  public static Rows<Tuned> present() {
    return rows("NOW", List.of("Setting", "Place", "After", "Kept", "Choices"));
  }

  /** The changes. */
  public static Rows<Tuned> changed() {
    return rows("AFTER", List.of("Setting", "Place", "Before", "After"));
  }

  private static Rows<Tuned> rows(String after, List<String> table) {
    return new Rows<>(
        Columns.<Tuned>of("setting")
            .with("Volume", "VOLUME", row -> row.volume().text())
            .with("Setting", "SETTING", row -> row.setting().word())
            .with("Place", "PLACE", row -> row.place().orElse(row.why()))
            .with("Before", "BEFORE", row -> shown(row, row.before(), UNKNOWN))
            .with("After", after, row -> shown(row, row.after(), UNKNOWN))
            .with("Kept", "KEPT", row -> shown(row, row.kept(), NOTHING))
            .with("Choices", "CHOICES", row -> list(row.choices()))
            .with("Sharers", "ALSO AT", row -> list(row.sharers()))
            .with("Why", "WHY", row -> row.why().isEmpty() ? NOTHING : row.why()),
        table,
        List.of("Setting", "After"));
  }

  /** Prints rows in the format; JSON contains all details. */
  public static void print(
      PrintStream out, Format format, Rows<Tuned> rows, Iterable<? extends Tuned> tuned) {
    if (format instanceof Format.Document) {
      tuned.forEach(row -> out.println(json(row)));
    } else {
      rows.print(out, format, tuned);
    }
  }

  /** The effects of a change on others, a sentence for each setting. */
  public static List<String> warnings(List<Tuned> changed) {
    return changed.stream()
        .filter(row -> !row.before().equals(row.after()) && !row.sharers().isEmpty())
        .map(
            row ->
                "%s is shared: %s also changes for %s"
                    .formatted(
                        row.place().orElse(""),
                        row.setting().word(),
                        String.join(", ", row.sharers())))
        .toList();
  }

  private static String shown(Tuned row, Optional<String> value, String otherwise) {
    return value.map(row.setting()::shown).orElse(otherwise);
  }

  private static String list(List<String> words) {
    return words.isEmpty() ? NOTHING : String.join(",", words);
  }

  /** All details as an object; unknown ones are left out. */
  private static String json(Tuned row) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("Volume", row.volume().text());
    fields.put("Setting", row.setting().word());
    row.place().ifPresent(place -> fields.put("Place", place));
    put(fields, "Before", row, row.before());
    put(fields, "After", row, row.after());
    put(fields, "Kept", row, row.kept());
    if (row.place().isPresent()) {
      fields.put("Choices", row.choices());
      fields.put("Sharers", row.sharers());
    } else {
      fields.put("Why", row.why());
    }
    return Json.compact(fields);
  }

  private static void put(
      Map<String, Object> fields, String name, Tuned row, Optional<String> value) {
    value.ifPresent(
        text -> fields.put(name, row.setting() == Setting.READAHEAD ? Long.parseLong(text) : text));
  }
}
