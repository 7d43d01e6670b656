package dev.keg.cli.output;

import dev.keg.cli.json.Json;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The result of a command for one object: a line for people, and an object for programs. */
public record Result(String line, Map<String, Object> fields) {
  public Result {
    fields = Map.copyOf(fields);
  }

  /** A line, without a result for programs yet. */
  public static Result of(String line) {
    return new Result(line, Map.of());
  }

  /** No line for people: the exit status says everything. */
  public static Result silent() {
    return of("");
  }

  /** The line is a name, which is this field for programs. */
  public static Result naming(String field, String name) {
    return of(name).with(field, name);
  }

  /** The line is the name of a volume on which this was done. */
  public static Result ofVolume(String volume, String done) {
    return naming("Volume", volume).with(done, true);
  }

  public Result with(String field, Object value) {
    SortedMap<String, Object> more = new TreeMap<>(fields);
    more.put(field, value);
    return new Result(line, more);
  }

  public String text(boolean json) {
    return json ? Json.compact(new TreeMap<>(fields)) : line;
  }
}
