package dev.keg.cli.output.report;

import dev.keg.backup.repository.Check;
import dev.keg.backup.restore.Verifying.Mended;
import dev.keg.cli.json.Json;
import dev.keg.cli.session.Session;
import dev.keg.error.BackupException.BackupDamaged;
import dev.keg.volume.Size;
import java.io.PrintStream;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Prints the results of verifications: a line for each good one, or an object for each. */
public record CheckReport(PrintStream out, boolean json) {
  /** Verifies something while showing progress. */
  public static <T> T watched(
      Session session, Object what, Supplier<Size> expected, Function<LongConsumer, T> work) {
    Progress progress = Progress.of(session, "verify " + what, expected);
    try {
      return work.apply(progress::advanced);
    } finally {
      progress.end();
    }
  }

  /**
   * Prints one check; throws damage.
   *
   * @param fields the fields of the object that identify what was checked
   */
  public void print(String name, Map<String, String> fields, Check check) {
    print(name, fields, new Mended(check, 0));
  }

  /** The same after a repair, which may be incomplete. */
  public void print(String name, Map<String, String> fields, Mended mended) {
    Check check = mended.check();
    if (json) {
      SortedMap<String, Object> object = new TreeMap<>(fields);
      object.put("Level", check.level().toString());
      object.put("Good", check.good());
      object.put("Findings", check.findings());
      object.put("Mended", mended.parts());
      out.println(Json.compact(object));
    }
    if (!check.good()) {
      throw new BackupDamaged(name, check.findings());
    }
    if (!json) {
      String parts =
          mended.parts() == 0 ? "" : ", %s repaired".formatted(Counted.of(mended.parts(), "part"));
      out.println("%s: good (%s)%s".formatted(name, check.level(), parts));
    }
  }
}
