package dev.keg.registry.shared;

import dev.keg.error.RegistryException.Damaged;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * The record of a host, {@code hosts/ID.json}:
 *
 * <pre>{"schema":1,"boot":"…","name":"web1","seen":"2026-11-20T10:00:55Z","writer":"…"}</pre>
 *
 * @param boot its boot id at that time
 * @param seen when it was seen, by the store's clock
 */
record HostRecord(String id, String name, String boot, Instant seen) {
  static final String FOLDER = "hosts/";

  private static final long SCHEMA = 1;
  private static final String ENDING = ".json";

  static String key(String id) {
    return FOLDER + id + ENDING;
  }

  static String id(String key) {
    return key.replaceFirst("^" + FOLDER, "").replaceFirst("\\" + ENDING + "$", "");
  }

  String text(String writer) {
    return JsonObject.ofSchema(SCHEMA)
        .put("boot", boot)
        .put("name", name)
        .put("seen", seen.toString())
        .put("writer", writer)
        .line();
  }

  static HostRecord read(String id, String text) {
    try {
      JsonDocument json = JsonDocument.read(key(id), SCHEMA, text.getBytes(StandardCharsets.UTF_8));
      HostRecord read =
          new HostRecord(
              id, json.text("name"), json.text("boot"), Instant.parse(json.text("seen")));
      json.text("writer");
      json.end();
      return read;
    } catch (InvalidDocument | DateTimeException e) {
      throw new Damaged(key(id), String.valueOf(e.getMessage()));
    }
  }
}
