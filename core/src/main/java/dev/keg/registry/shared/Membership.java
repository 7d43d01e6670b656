package dev.keg.registry.shared;

import dev.keg.error.RegistryException.Damaged;
import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.nio.file.Path;

/**
 * The shared registry that a root is part of, and its host id there, in the file {@code
 * shared.json}:
 *
 * <pre>{"schema":1,"address":"s3://bucket/keg","deletes":true,"host":"…","registry":"…"}</pre>
 *
 * <p>The host id belongs to the root: copies of a machine have the same machine id, but seldom the
 * same root.
 *
 * @param address the store's address when it was last probed
 * @param deletes whether the store supports conditional deletes
 */
public record Membership(String address, String host, String registry, boolean deletes) {
  private static final long SCHEMA = 1;

  byte[] bytes() {
    return JsonObject.ofSchema(SCHEMA)
        .put("address", address)
        .put("deletes", deletes)
        .put("host", host)
        .put("registry", registry)
        .bytes();
  }

  static Membership read(Path file, byte[] content) {
    try {
      JsonDocument json = JsonDocument.read(file, SCHEMA, content);
      Membership read =
          new Membership(
              json.text("address"),
              json.text("host"),
              json.text("registry"),
              json.truth("deletes"));
      json.end();
      return read;
    } catch (InvalidDocument e) {
      throw new Damaged(file.toString(), String.valueOf(e.getMessage()));
    }
  }
}
