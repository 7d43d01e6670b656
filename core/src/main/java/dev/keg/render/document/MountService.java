package dev.keg.render.document;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service that lets Keg mount a volume at boot, before systemd mounts it at its target. The
 * package has a template of it for volumes of the usual root.
 *
 * @param source the device or directory that must be there first; absent if there is none
 * @param network whether the volume is on another host
 */
public record MountService(String volume, String root, @Nullable String source, boolean network) {
  private static final String USUAL_ROOT = "/var/lib/keg";
  private static final String DEVICES = "/dev/";

  /** The name of the unit. A volume's name requires no escapes. */
  String name() {
    return "keg-mount@" + volume + ".service";
  }

  /** Whether the template of the package mounts the same volume. */
  boolean hasTemplate() {
    return root.equals(USUAL_ROOT);
  }

  /** The unit, which does not need the template. */
  String text() {
    StringBuilder text = new StringBuilder("[Unit]\n");
    text.append("Description=Keg volume ").append(volume).append('\n');
    text.append("Documentation=man:keg-mount(1)\n");
    text.append("RequiresMountsFor=").append(String.join(" ", paths())).append('\n');
    for (String unit : units()) {
      text.append(network ? "Wants=" : "Requires=").append(unit).append('\n');
      text.append("After=").append(unit).append('\n');
    }
    text.append("\n[Service]\nType=oneshot\nRemainAfterExit=yes\n");
    if (!hasTemplate()) {
      text.append("Environment=").append(quoted("KEG_ROOT=" + root)).append('\n');
    }
    text.append("ExecStart=/usr/bin/keg mount ").append(volume).append('\n');
    text.append("ExecStop=/usr/bin/keg unmount ").append(volume).append('\n');
    return text.toString();
  }

  private List<String> paths() {
    List<String> paths = new ArrayList<>(List.of(quoted(root)));
    if (source != null && !network && !source.startsWith(DEVICES)) {
      paths.add(quoted(source));
    }
    return paths;
  }

  private List<String> units() {
    if (network) {
      return List.of("network-online.target");
    }
    return source != null && source.startsWith(DEVICES)
        ? List.of(UnitName.ofDevice(source))
        : List.of();
  }

  private static String quoted(String word) {
    return '"' + word.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%") + '"';
  }
}
