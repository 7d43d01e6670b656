package dev.keg.cli.output;

import dev.keg.activity.Activities.Sample;
import dev.keg.activity.Activities.Samples;
import dev.keg.activity.Activity;
import dev.keg.activity.Device;
import dev.keg.cli.json.Json;
import dev.keg.cli.output.table.Columns;
import dev.keg.cli.output.table.Rows;
import dev.keg.volume.Size;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What the device below a volume did during an interval, for {@code keg stats}. */
public record ActivityRow(Sample sample, Optional<Activity> activity) {
  private static final String UNKNOWN = "N/A";

  /** The columns. */
  public static final Rows<ActivityRow> ROWS =
      new Rows<>(
          Columns.<ActivityRow>of("activity")
              .with("Volume", "VOLUME", row -> row.sample().volume().name().text())
              .with("Device", "DEVICE", row -> row.device().orElse(UNKNOWN))
              .with("Reads", "READS/S", row -> row.of(a -> decimal(a.reads())))
              .with("Read", "READ/S", row -> row.of(a -> size(a.readBytes())))
              .with("Writes", "WRITES/S", row -> row.of(a -> decimal(a.writes())))
              .with("Written", "WRITTEN/S", row -> row.of(a -> size(a.writtenBytes())))
              .with("Queue", "QUEUE", row -> row.of(a -> known(a.queue(), 1, "")))
              .with("Wait", "WAIT", row -> row.of(a -> known(a.waitMillis(), 1, "ms")))
              .with("Busy", "BUSY", row -> row.of(a -> known(a.busy(), 100, "%"))),
          List.of(
              "Volume", "Device", "Reads", "Read", "Writes", "Written", "Queue", "Wait", "Busy"),
          List.of("Volume", "Device"));

  /** What happened between two samples of the same volumes. */
  public static List<ActivityRow> of(Samples before, Samples now) {
    List<ActivityRow> rows = new ArrayList<>();
    for (int i = 0; i < now.samples().size(); i++) {
      Sample sample = now.samples().get(i);
      rows.add(new ActivityRow(sample, sample.since(before.samples().get(i))));
    }
    return rows;
  }

  private Optional<String> device() {
    return sample.device().map(Device::name);
  }

  private String of(Function<Activity, String> text) {
    return activity.map(text).orElse(UNKNOWN);
  }

  private static String decimal(double number) {
    return String.format(Locale.ROOT, "%.1f", number);
  }

  private static String size(double bytes) {
    return new Size(Math.round(bytes)).human();
  }

  private static String known(OptionalDouble number, int factor, String unit) {
    return number.isPresent() ? decimal(number.getAsDouble() * factor) + unit : UNKNOWN;
  }

  /** All figures as an object; unknown ones are left out. */
  public String json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("Volume", sample.volume().name().text());
    fields.put("Time", sample.time().toString());
    device().ifPresent(name -> fields.put("Device", name));
    put(fields, "Reads", Activity::reads);
    put(fields, "ReadBytes", Activity::readBytes);
    put(fields, "Writes", Activity::writes);
    put(fields, "WrittenBytes", Activity::writtenBytes);
    activity.map(Activity::queue).ifPresent(queue -> put(fields, "Queue", queue));
    activity.map(Activity::waitMillis).ifPresent(wait -> put(fields, "WaitMillis", wait));
    activity.map(Activity::busy).ifPresent(busy -> put(fields, "Busy", busy));
    return Json.compact(fields);
  }

  private void put(Map<String, Object> fields, String name, ToDoubleFunction<Activity> figure) {
    activity.ifPresent(a -> fields.put(name, rounded(figure.applyAsDouble(a))));
  }

  private static void put(Map<String, Object> fields, String name, OptionalDouble figure) {
    if (figure.isPresent()) {
      fields.put(name, rounded(figure.getAsDouble()));
    }
  }

  private static double rounded(double figure) {
    return Math.round(figure * 1000) / 1000.0;
  }
}
