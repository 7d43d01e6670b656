package dev.keg.cli.output.report;

import dev.keg.cli.json.Json;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** An object per second, for a program that shows progress in its own way. */
public record ProgressObjects(PrintStream out) implements Progress.View {
  @Override
  public Duration pause() {
    return Duration.ofSeconds(1);
  }

  @Override
  public void show(Progress.State state) {
    out.println(text(state));
  }

  /** Prints a last one, so that the amounts of short work are known, too. */
  @Override
  public void end(Progress.State state, boolean shown) {
    show(state);
  }

  static String text(Progress.State state) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("Progress", state.task());
    fields.put("Bytes", state.bytes());
    if (state.expected() > 0) {
      fields.put("ExpectedBytes", state.expected());
    }
    fields.put("Files", state.files());
    fields.put("Seconds", state.passed().toMillis() / 1000.0);
    return Json.compact(fields);
  }
}
