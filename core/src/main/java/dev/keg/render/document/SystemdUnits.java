package dev.keg.render.document;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.file.FileFailures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The {@code .mount} units of systemd.mount(5); each is a file whose name its mount point gives.
 */
public final class SystemdUnits {
  private static final String NAME = "systemd";

  /** A file name is at most that long, its ending included. */
  private static final int LONGEST_NAME = 255;

  // They steer what reads fstab, and mean nothing in a unit.
  private static final Set<String> OF_FSTAB = Set.of("nofail", "noauto");

  private static final String UUID = "UUID=";

  private SystemdUnits() {}

  /** A unit as a file. */
  public record Unit(String name, String text) {}

  /** For this host. */
  public static List<Unit> ofHost(List<Part> parts, LineSettings settings) {
    return units(MountLines.ofHost(NAME, parts, settings));
  }

  /** For a machine that has these disks and shares. */
  public static List<Unit> ofMachine(List<Part> parts, LineSettings settings) {
    return units(MountLines.ofMachine(NAME, parts, settings));
  }

  /** All of them in one text, each below its name, as {@code systemctl cat} shows them. */
  public static String text(List<Unit> units) {
    StringBuilder text = new StringBuilder();
    for (Unit unit : units) {
      text.append(text.isEmpty() ? "" : "\n");
      text.append("# /etc/systemd/system/").append(unit.name()).append('\n').append(unit.text());
    }
    return text.toString();
  }

  /** Writes each to its file in the directory, whole or not at all; returns the files. */
  public static List<Path> write(List<Unit> units, Path directory) {
    FileFailures.run("write", directory, () -> check(directory));
    List<Path> written = new ArrayList<>();
    for (Unit unit : units) {
      Path file = directory.resolve(unit.name());
      FileFailures.run("write", file, () -> replace(file, unit.text()));
      written.add(file);
    }
    return written;
  }

  private static void check(Path directory) throws IOException {
    directory.getFileSystem().provider().checkAccess(directory);
  }

  private static void replace(Path file, String text) throws IOException {
    Path draft = file.resolveSibling(".keg-unit");
    try {
      Files.writeString(draft, text);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static List<Unit> units(List<MountLine> lines) {
    return lines.stream().map(SystemdUnits::unit).toList();
  }

  private static Unit unit(MountLine line) {
    String name = UnitName.ofMount(line.target());
    if (name.length() > LONGEST_NAME) {
      throw new InvalidSpec(
          "'%s' is too long for the name of a unit; use fstab".formatted(line.target()));
    }
    StringBuilder text = new StringBuilder();
    text.append("[Unit]\nDescription=").append(value(description(line)));
    text.append("\n\n[Mount]\nWhat=").append(value(device(line.source())));
    text.append("\nWhere=").append(value(line.target()));
    text.append("\nType=").append(line.type()).append('\n');
    String options =
        String.join(",", line.options().stream().filter(o -> !OF_FSTAB.contains(o)).toList());
    if (!options.isEmpty()) {
      text.append("Options=").append(value(options)).append('\n');
    }
    if (!line.options().contains("noauto")) {
      text.append("\n[Install]\nWantedBy=local-fs.target\n");
    }
    return new Unit(name, text.toString());
  }

  // It waits for a device only under a path.
  private static String device(String source) {
    return source.startsWith(UUID)
        ? "/dev/disk/by-uuid/" + source.substring(UUID.length())
        : source;
  }

  private static String description(MountLine line) {
    return "Volume " + line.source() + " on " + line.target() + ", by keg";
  }

  // A value is the rest of its line as it stands, but for specifiers, white space at its end, and a
  // backslash there, which would go on with the next line. Behind a slash both are safe, and a
  // path's last slash means nothing.
  private static String value(String text) {
    String doubled = text.replace("%", "%%");
    return doubled.endsWith(" ") || doubled.endsWith("\\") ? doubled + "/" : doubled;
  }
}
