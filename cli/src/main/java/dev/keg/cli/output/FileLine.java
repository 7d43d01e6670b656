package dev.keg.cli.output;

import dev.keg.backup.browse.BackedFile;
import dev.keg.backup.browse.SpaceTaken;
import dev.keg.backup.oci.ImageEntry;
import dev.keg.cli.json.Json;
import dev.keg.cli.output.table.VisibleText;
import dev.keg.tree.Attributes;
import dev.keg.tree.FileKind;
import dev.keg.tree.FileKind.Device;
import dev.keg.tree.FileKind.Directory;
import dev.keg.tree.FileKind.Fifo;
import dev.keg.tree.FileKind.HardLink;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.FileKind.Symlink;
import dev.keg.tree.TreePath;
import dev.keg.volume.Size;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;

/** A file of a backup in the format of {@code ls -l}, or as an object. */
public record FileLine(ZoneId zone) {
  /** The format of each file, one per line. */
  public enum Style {
    LINE,
    PATH,
    JSON;

    public static Style of(boolean json, boolean quiet) {
      return json ? JSON : quiet ? PATH : LINE;
    }
  }

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
  private static final String BITS = "rwxrwxrwx";

  public String in(Style style, BackedFile file) {
    return switch (style) {
      case LINE -> line(file);
      case PATH -> path(file.path());
      case JSON -> Json.compact(fields(file));
    };
  }

  /** The space of a file or directory in the format of {@code du}, with the number of files. */
  public static String in(Style style, SpaceTaken taken) {
    return switch (style) {
      case LINE ->
          "%9s %9d %s"
              .formatted(new Size(taken.bytes()).human(), taken.files(), path(taken.path()));
      case PATH -> path(taken.path());
      case JSON ->
          Json.compact(
              new TreeMap<>(
                  Map.of(
                      "Path", taken.path().toString(),
                      "Files", taken.files(),
                      "Bytes", taken.bytes())));
    };
  }

  /** A file of an image, as far as its index describes it. */
  public static String in(Style style, ImageEntry file) {
    return switch (style) {
      case LINE ->
          "%-9s %12d %s".formatted(file.type(), file.size(), VisibleText.line(file.path()));
      case PATH -> VisibleText.line(file.path());
      case JSON ->
          Json.compact(
              new TreeMap<>(Map.of("Path", file.path(), "Size", file.size(), "Type", file.type())));
    };
  }

  /** Text such as {@code -rw-r----- 999 999 8192 2026-11-20 10:00:55 base/16384}. */
  private String line(BackedFile file) {
    Attributes attributes = file.entry().attributes();
    return "%s %5d %5d %12s %s %s"
        .formatted(
            mode(file),
            attributes.uid(),
            attributes.gid(),
            size(file),
            time(attributes.modified()),
            path(file.path()) + target(file));
  }

  /** The path with escaped control characters. */
  public static String path(TreePath path) {
    return VisibleText.line(path.toString());
  }

  private String time(Instant instant) {
    return TIME.format(instant.atZone(zone));
  }

  private static Map<String, Object> fields(BackedFile file) {
    Attributes attributes = file.entry().attributes();
    Map<String, Object> fields = new TreeMap<>();
    fields.put("Path", file.path().toString());
    fields.put("Type", file.type());
    fields.put("Mode", "%04o".formatted(attributes.mode()));
    fields.put("Uid", attributes.uid());
    fields.put("Gid", attributes.gid());
    fields.put("Size", file.size());
    fields.put("Modified", attributes.modified().toString());
    switch (file.entry().kind()) {
      case Symlink(var target) -> fields.put("Target", target.toString());
      case HardLink(var target) -> fields.put("Target", target.toString());
      case Directory _, RegularFile _, Fifo _, Device _ -> {}
    }
    return fields;
  }

  private static String size(BackedFile file) {
    return file.entry().kind() instanceof Device device
        ? device.major() + ", " + device.minor()
        : String.valueOf(file.size());
  }

  private static String target(BackedFile file) {
    return switch (file.entry().kind()) {
      case Symlink(var target) -> " -> " + VisibleText.line(target.toString());
      case HardLink(var target) -> " link to " + path(target);
      case Directory _, RegularFile _, Fifo _, Device _ -> "";
    };
  }

  private static String mode(BackedFile file) {
    int mode = file.entry().attributes().mode();
    StringBuilder text = new StringBuilder().append(letter(file.entry().kind()));
    for (int i = 0; i < BITS.length(); i++) {
      text.append((mode & 0400 >> i) != 0 ? BITS.charAt(i) : '-');
    }
    special(text, 3, (mode & 04000) != 0, 's');
    special(text, 6, (mode & 02000) != 0, 's');
    special(text, 9, (mode & 01000) != 0, 't');
    return text.toString();
  }

  /** setuid, setgid and sticky replace the x; in capitals if there is no x. */
  private static void special(StringBuilder text, int at, boolean set, char letter) {
    if (set) {
      text.setCharAt(at, text.charAt(at) == 'x' ? letter : Character.toUpperCase(letter));
    }
  }

  /** The letter for a type; hard links are shown as in tar. */
  private static char letter(FileKind kind) {
    return switch (kind) {
      case Directory _ -> 'd';
      case RegularFile _ -> '-';
      case Symlink _ -> 'l';
      case HardLink _ -> 'h';
      case Fifo _ -> 'p';
      case Device device -> device.block() ? 'b' : 'c';
    };
  }
}
