package dev.keg.backup.repository;

import dev.keg.backup.store.ObjectName;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code forgotten/TIME-RANDOM.json}, data objects that a run of {@code forget} left unreferenced:
 *
 * <pre>{"schema":1,"objects":["data/db/20261120T105801Z-3f9a1c2e.tar.zst"]}</pre>
 */
final class TombstoneFile {
  private TombstoneFile() {}

  static byte[] write(Collection<ObjectName> objects) {
    return JsonObject.ofSchema(Schema.CURRENT)
        .texts("objects", objects.stream().sorted().map(ObjectName::text).toList())
        .bytes();
  }

  static Set<ObjectName> read(String name, byte[] bytes) throws InvalidDocument {
    return Schema.read(
        name,
        bytes,
        json -> {
          Set<ObjectName> objects = new TreeSet<>();
          for (String object : json.texts("objects")) {
            objects.add(new ObjectName(object));
          }
          return objects;
        });
  }
}
