package dev.keg.backup.repository;

import dev.keg.backup.repository.Check.Level;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.time.Instant;
import java.util.Locale;

/**
 * {@code checks/VOLUME/ID/TIME-LEVEL-RESULT.json}:
 *
 * <pre>{"schema":1,"findings":[],"level":"full","time":"2026-11-21T03:00:00Z"}</pre>
 */
final class CheckFile {
  private CheckFile() {}

  static byte[] write(Check check) {
    return JsonObject.ofSchema(Schema.CURRENT)
        .texts("findings", check.findings())
        .put("level", check.level().toString())
        .put("time", check.time().toString())
        .bytes();
  }

  static Check read(String name, byte[] bytes) throws InvalidDocument {
    return Schema.read(
        name,
        bytes,
        json ->
            new Check(
                Level.valueOf(json.text("level").toUpperCase(Locale.ROOT)),
                Instant.parse(json.text("time")),
                json.texts("findings")));
  }
}
