package dev.keg.cli.output;

import dev.keg.backup.browse.BackedFile;
import dev.keg.backup.browse.Change;
import dev.keg.cli.json.Json;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A file's change between two backups, as a line or an object. */
public final class ChangeLine {
  private ChangeLine() {}

  public static String in(FileLine.Style style, Change change) {
    return switch (style) {
      case LINE -> line(change);
      case PATH -> FileLine.path(change.path());
      case JSON -> json(change);
    };
  }

  /** Text such as {@code changed 8192 -> 16384 base/16384}. */
  private static String line(Change change) {
    return "%-10s %26s %s".formatted(change.kind(), sizes(change), FileLine.path(change.path()));
  }

  private static String sizes(Change change) {
    long after = change.file().size();
    Optional<Long> before = change.before().map(BackedFile::size).filter(size -> size != after);
    return before.map(size -> size + " -> " + after).orElseGet(() -> String.valueOf(after));
  }

  private static String json(Change change) {
    Map<String, Object> fields = new TreeMap<>();
    fields.put("Change", change.kind().toString());
    fields.put("Path", change.path().toString());
    fields.put("Type", change.file().type());
    change.before().ifPresent(file -> fields.put("SizeBefore", file.size()));
    change.after().ifPresent(file -> fields.put("SizeAfter", file.size()));
    return Json.compact(fields);
  }
}
