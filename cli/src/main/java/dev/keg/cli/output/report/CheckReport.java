package dev.keg.cli.output.report;

import dev.keg.backup.repository.Check;
import dev.keg.cli.json.Json;
import dev.keg.error.BackupException.BackupDamaged;
import java.io.PrintStream;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Prints what verifications found: a line for each that is good, or an object for each. */
public record CheckReport(PrintStream out, boolean json) {
  /**
   * Prints one check; damage is thrown.
   *
   * @param fields what was checked, for the object
   */
  public void print(String name, Map<String, String> fields, Check check) {
    if (json) {
      SortedMap<String, Object> object = new TreeMap<>(fields);
      object.put("Level", check.level().toString());
      object.put("Good", check.good());
      object.put("Findings", check.findings());
      out.println(Json.compact(object));
    }
    if (!check.good()) {
      throw new BackupDamaged(name, check.findings());
    }
    if (!json) {
      out.println("%s: good (%s)".formatted(name, check.level()));
    }
  }
}
