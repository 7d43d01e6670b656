package dev.keg.linux.image;

import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.linux.program.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The dirty bitmaps that backups of a running machine left in a qcow2 disk. Bitmaps of a killed
 * QEMU are worthless and prevent qemu-img(1) from resizing the disk.
 */
record DiskBitmaps(Tools tools) {
  private static final String OURS = "keg-";

  void remove(DiskFile file) throws IOException, ToolException {
    String path = file.path().toString();
    for (String name :
        names(tools.run(Tool.of("qemu-img", "info", "-f", "qcow2", "--output=json", path)))) {
      String _ = tools.run(Tool.of("qemu-img", "bitmap", "--remove", "-f", "qcow2", path, name));
    }
  }

  /**
   * The bitmap names in the output of {@code qemu-img info}: format-specific, data, bitmaps, name.
   */
  static List<String> names(String info) throws InvalidDocument {
    Map<String, Object> facts = JsonObject.parse(info.getBytes(StandardCharsets.UTF_8));
    List<String> names = new ArrayList<>();
    if (get(get(facts, "format-specific"), "data") instanceof Map<?, ?> data
        && data.get("bitmaps") instanceof List<?> bitmaps) {
      for (Object bitmap : bitmaps) {
        if (get(bitmap, "name") instanceof String name && name.startsWith(OURS)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private static @Nullable Object get(@Nullable Object map, String key) {
    return map instanceof Map<?, ?> known ? known.get(key) : null;
  }
}
