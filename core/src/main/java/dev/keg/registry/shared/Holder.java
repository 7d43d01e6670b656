package dev.keg.registry.shared;

import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A holder in a volume's record.
 *
 * @param host the id of its host
 * @param file the name of its file on that host
 * @param document the content of that file
 */
record Holder(String host, String hostName, String file, String document) {
  JsonObject json() {
    return new JsonObject()
        .put("document", document)
        .put("file", file)
        .put("host", host)
        .put("hostName", hostName);
  }

  static Holder read(JsonDocument json) throws InvalidDocument {
    Holder holder =
        new Holder(
            json.text("host"), json.text("hostName"), json.text("file"), json.text("document"));
    json.end();
    return holder;
  }

  boolean is(String otherHost, String otherFile) {
    return host.equals(otherHost) && file.equals(otherFile);
  }

  /**
   * Whether the two cannot hold a volume on two hosts: a machine's disk with anybody unless both
   * only read, and an exclusive writer with another writer.
   */
  boolean excludes(Holder other) {
    if (isDisk() || other.isDisk()) {
      return !(has("readOnly") && other.has("readOnly"));
    }
    return (has("exclusive") && !other.has("readOnly"))
        || (other.has("exclusive") && !has("readOnly"));
  }

  boolean isDisk() {
    return "disk".equals(fields().get("kind"));
  }

  private boolean has(String flag) {
    return Boolean.TRUE.equals(fields().get(flag));
  }

  /** The holder in messages. */
  String words() {
    Map<String, Object> fields = fields();
    Object name = fields.getOrDefault("machine", fields.getOrDefault("container", ""));
    return "%s on host %s"
        .formatted(name.equals("") ? fields.getOrDefault("target", "") : name, hostName);
  }

  // An unreadable one has no flag that would admit others.
  private Map<String, Object> fields() {
    try {
      return JsonObject.parse(document.getBytes(StandardCharsets.UTF_8));
    } catch (InvalidDocument _) {
      return Map.of("kind", "disk");
    }
  }
}
