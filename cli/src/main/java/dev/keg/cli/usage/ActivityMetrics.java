package dev.keg.cli.usage;

import dev.keg.activity.Activities.Sample;
import dev.keg.activity.Counters;
import dev.keg.activity.Device;
import dev.keg.cli.usage.Metric.Kind;
import dev.keg.cli.usage.Metric.Label;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The counters of the devices below volumes, in the text format of Prometheus, which calculates
 * rates from them. Volumes on the same device have the same figures, so only those of different
 * devices can be summed.
 */
public final class ActivityMetrics {
  private static final List<Metric<Sample>> METRICS =
      List.of(
          counter("reads_completed_total", "Reads that the device completed.", Counters::reads),
          counter("read_bytes_total", "Bytes read from the device.", Counters::readBytes),
          counter("writes_completed_total", "Writes that the device completed.", Counters::writes),
          counter("written_bytes_total", "Bytes written to the device.", Counters::writtenBytes),
          seconds(
              "io_time_seconds_total",
              "Time during which the device was busy.",
              Counters::busyMillis),
          seconds(
              "io_time_weighted_seconds_total",
              "Total time of all requests; its rate is the length of the queue.",
              Counters::waitedMillis));

  private ActivityMetrics() {}

  private static Metric<Sample> counter(String name, String help, Function<Counters, Long> figure) {
    return metric(name, help, counters -> Optional.of(BigDecimal.valueOf(figure.apply(counters))));
  }

  private static Metric<Sample> seconds(
      String name, String help, Function<Counters, OptionalLong> millis) {
    return metric(
        name,
        help,
        counters -> {
          OptionalLong known = millis.apply(counters);
          return known.isPresent()
              ? Optional.of(BigDecimal.valueOf(known.getAsLong(), 3))
              : Optional.empty();
        });
  }

  private static Metric<Sample> metric(
      String name, String help, Function<Counters, Optional<BigDecimal>> value) {
    return new Metric<>(
        "keg_volume_device_" + name,
        Kind.COUNTER,
        help,
        sample -> sample.counters().flatMap(value));
  }

  public static String of(List<Sample> samples) {
    return Metric.text(METRICS, samples, ActivityMetrics::labels);
  }

  private static List<Label> labels(Sample sample) {
    return List.of(
        new Label("volume", sample.volume().name().text()),
        new Label("device", sample.device().map(Device::name).orElse("")));
  }
}
