package dev.keg.cli.usage;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A metric in the text format of Prometheus, with a line for each object whose value is known:
 *
 * <pre>
 *  # HELP keg_volume_data_bytes Length of all files of the volume. # TYPE keg_volume_data_bytes gauge keg_volume_data_bytes{volume="db",driver="local",type="directory"} 4096
 * </pre>
 */
record Metric<T>(String name, Kind kind, String help, Function<T, Optional<BigDecimal>> value) {
  /** The kind of value. */
  enum Kind {
    /** It goes up and down. */
    GAUGE("gauge"),
    /** It only grows, and restarts at zero. */
    COUNTER("counter");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  /** A label and its value. */
  record Label(String name, String value) {
    @Override
    public String toString() {
      String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
      return "%s=\"%s\"".formatted(name, escaped);
    }
  }

  /** All metrics of these objects; a metric without a value is left out. */
  static <T> String text(List<Metric<T>> metrics, List<T> things, Function<T, List<Label>> labels) {
    StringBuilder text = new StringBuilder();
    for (Metric<T> metric : metrics) {
      StringBuilder lines = new StringBuilder();
      for (T thing : things) {
        metric.value.apply(thing).ifPresent(value -> metric.add(lines, labels.apply(thing), value));
      }
      if (!lines.isEmpty()) {
        text.append("# HELP ").append(metric.name).append(' ').append(metric.help).append('\n');
        text.append("# TYPE ").append(metric.name).append(' ').append(metric.kind.word);
        text.append('\n').append(lines);
      }
    }
    return text.toString();
  }

  private void add(StringBuilder lines, List<Label> labels, BigDecimal value) {
    String joined = String.join(",", labels.stream().map(Label::toString).toList());
    lines.append("%s{%s} %s\n".formatted(name, joined, value.toPlainString()));
  }
}
