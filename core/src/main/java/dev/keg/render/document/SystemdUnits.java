package dev.keg.render.document;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.file.FileFailures;
import dev.keg.render.document.MountLines.MountLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The {@code .mount} units of systemd.mount(5); the file name of each follows from its mount point.
 */
public final class SystemdUnits {
  private static final String NAME = "systemd";

  /** The longest file name, including the extension. */
  private static final int LONGEST_NAME = 255;

  // Here a section of the unit says this, or systemd's default for devices.
  private static final Set<String> OF_FSTAB = Set.of("nofail", "noauto");

  // On a host, a mount with "nofail" is one for which the file systems of the host do not wait.
  private static final Set<String> OF_FSTAB_ONLY = Set.of("noauto");

  private static final String UUID = "UUID=";

  private SystemdUnits() {}

  /** A unit as a file. */
  public record Unit(String name, String text) {}

  /** For this host. */
  public static List<Unit> ofHost(List<Part> parts, LineSettings settings) {
    return units(MountLines.ofHost(NAME, parts, settings), OF_FSTAB_ONLY);
  }

  /** For a machine that has these disks and shares. */
  public static List<Unit> ofMachine(List<Part> parts, LineSettings settings) {
    return units(MountLines.ofMachine(NAME, parts, settings), OF_FSTAB);
  }

  /** All units in one text, each after its name, like {@code systemctl cat}. */
  public static String text(List<Unit> units) {
    StringBuilder text = new StringBuilder();
    for (Unit unit : units) {
      text.append(text.isEmpty() ? "" : "\n");
      text.append("# /etc/systemd/system/").append(unit.name()).append('\n').append(unit.text());
    }
    return text.toString();
  }

  /** Writes each unit atomically to its file in the directory; returns the files. */
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

  private static List<Unit> units(List<MountLine> lines, Set<String> dropped) {
    List<Unit> units = new ArrayList<>();
    lines.forEach(line -> units.add(unit(line, dropped)));
    lines.stream()
        .flatMap(line -> Stream.ofNullable(line.service()))
        .flatMap(MountService::all)
        .distinct()
        .map(service -> new Unit(service.name(), service.text()))
        .forEach(units::add);
    return units;
  }

  private static Unit unit(MountLine line, Set<String> dropped) {
    String name = UnitName.ofMount(line.target());
    if (name.length() > LONGEST_NAME) {
      throw new InvalidSpec("'%s' is too long for a unit name; use fstab".formatted(line.target()));
    }
    StringBuilder text = new StringBuilder();
    text.append("[Unit]\nDescription=").append(value(description(line)));
    MountService service = line.service();
    if (service != null) {
      text.append("\nRequires=").append(service.name());
      text.append("\nAfter=").append(service.name());
    }
    text.append("\n\n[Mount]\nWhat=").append(value(device(line.source())));
    text.append("\nWhere=").append(value(line.target()));
    text.append("\nType=").append(line.type()).append('\n');
    String options =
        line.options().stream()
            .filter(option -> !dropped.contains(option))
            .collect(Collectors.joining(","));
    if (!options.isEmpty()) {
      text.append("Options=").append(value(options)).append('\n');
    }
    if (!line.options().contains("noauto")) {
      boolean network = service != null && service.network();
      String target = network ? "remote-fs.target" : "local-fs.target";
      text.append("\n[Install]\nWantedBy=").append(target).append('\n');
    }
    return new Unit(name, text.toString());
  }

  // Systemd waits for a device only if it is a path.
  private static String device(String source) {
    return source.startsWith(UUID)
        ? "/dev/disk/by-uuid/" + source.substring(UUID.length())
        : source;
  }

  private static String description(MountLine line) {
    return "Volume " + line.source() + " on " + line.target() + ", by keg";
  }

  // A value is the rest of its line, except for specifiers, trailing white space, and a trailing
  // backslash, which continues the line. A trailing slash makes both safe and does not change the
  // path.
  private static String value(String text) {
    String doubled = text.replace("%", "%%");
    return doubled.endsWith(" ") || doubled.endsWith("\\") ? doubled + "/" : doubled;
  }
}
