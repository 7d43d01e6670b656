package dev.keg.backup.repository;

import dev.keg.backup.repository.Check.Level;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a verification found.
 *
 * <p>It is written to {@code checks/VOLUME/ID/TIME-LEVEL-RESULT.json}:
 *
 * <pre>{"schema":1,"findings":[],"level":"full","time":"2026-11-21T03:00:00Z"}</pre>
 *
 * @param time when it ended, to the second
 * @param findings what is wrong, in words; nothing is wrong where it is empty
 */
public record Check(Level level, Instant time, List<String> findings) {
  /** How closely a backup was looked at; each level covers those before it. */
  public enum Level {
    /** The index is readable and the objects are there in their size. */
    QUICK,
    /** All data was read and is what it was. */
    FULL,
    /** It was restored and compared. */
    DEEP;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Check {
    time = time.truncatedTo(ChronoUnit.SECONDS);
    findings = List.copyOf(findings);
  }

  public boolean good() {
    return findings.isEmpty();
  }

  /** The same with one finding more. */
  public Check with(String finding) {
    return new Check(level, time, Stream.concat(findings.stream(), Stream.of(finding)).toList());
  }

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
