package dev.keg.render.document;

import dev.keg.error.DriverException.NotSupported;
import dev.keg.render.document.MountLines.MountLine;
import java.util.ArrayList;
import java.util.List;

/** Lines of fstab(5). */
public final class Fstab {
  private static final String NAME = "fstab";

  private Fstab() {}

  /** For this host. */
  public static String ofHost(List<Part> parts, LineSettings settings) {
    return text(MountLines.ofHost(NAME, parts, settings));
  }

  /** For a machine that has these disks and shares. */
  public static String ofMachine(List<Part> parts, LineSettings settings) {
    return text(MountLines.ofMachine(NAME, parts, settings));
  }

  private static String text(List<MountLine> lines) {
    StringBuilder text = new StringBuilder();
    for (MountLine line : lines) {
      text.append(String.join(" ", fields(withService(line)))).append('\n');
    }
    return text.toString();
  }

  private static MountLine withService(MountLine line) {
    MountService service = line.service();
    if (service == null) {
      return line;
    }
    if (!service.hasTemplate()) {
      String what =
          service.first().isEmpty()
              ? "mounts only volumes of the default root"
              : "does not mount " + service.first().getFirst().volume() + " first";
      throw new NotSupported(
          "render fstab",
          service.volume(),
          "the package's keg-mount@.service %s; `keg render systemd` writes a service for this one"
              .formatted(what));
    }
    List<String> options = new ArrayList<>(line.options());
    options.add("x-systemd.requires=" + service.name());
    return new MountLine(line.source(), line.target(), line.type(), options, line.pass(), service);
  }

  /** The six columns. */
  static List<String> fields(MountLine line) {
    String options = line.options().isEmpty() ? "defaults" : String.join(",", line.options());
    return List.of(
        escaped(line.source()),
        escaped(line.target()),
        line.type(),
        escaped(options),
        "0",
        Integer.toString(line.pass()));
  }

  // The escapes of getmntent(3). A number sign only matters at the start of a line, which is never
  // a path here, and not every reader knows its escape.
  static String escaped(String field) {
    return field.replace("\\", "\\134").replace(" ", "\\040");
  }
}
