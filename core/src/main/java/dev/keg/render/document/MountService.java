package dev.keg.render.document;

import java.util.List;
import java.util.stream.Stream;

/**
 * A service that lets Keg mount a volume at boot, before systemd mounts it at its target. The
 * package has a template of it for volumes of the usual root.
 *
 * @param sources the devices and directories that must exist first
 * @param network whether the volume is on another host
 * @param first the services of the volumes that this one is built on
 */
public record MountService(
    String volume, String root, List<String> sources, boolean network, List<MountService> first) {
  private static final String USUAL_ROOT = "/var/lib/keg";
  private static final String DEVICES = "/dev/";
  private static final String NETWORK = "network-online.target";

  public MountService {
    Part.requirePrintable(root);
    sources.forEach(Part::requirePrintable);
    sources = List.copyOf(sources);
    first = List.copyOf(first);
  }

  /** The name of the unit. A volume's name requires no escapes. */
  String name() {
    return "keg-mount@" + volume + ".service";
  }

  /** Whether the template of the package mounts the same volume. */
  boolean hasTemplate() {
    return isOfUsualRoot() && first.isEmpty();
  }

  private boolean isOfUsualRoot() {
    return root.equals(USUAL_ROOT);
  }

  /** The services that this one needs, and then this one. */
  Stream<MountService> all() {
    return Stream.concat(first.stream().flatMap(MountService::all), Stream.of(this));
  }

  /** The unit, which does not need the template. */
  String text() {
    StringBuilder text = new StringBuilder("[Unit]\n");
    text.append("Description=Keg volume ").append(volume).append('\n');
    text.append("Documentation=man:keg-mount(1)\n");
    text.append("RequiresMountsFor=").append(String.join(" ", paths())).append('\n');
    if (network) {
      text.append("Wants=").append(NETWORK).append("\nAfter=").append(NETWORK).append('\n');
    }
    for (String unit : units()) {
      text.append("Requires=").append(unit).append("\nAfter=").append(unit).append('\n');
    }
    text.append("\n[Service]\nType=oneshot\nRemainAfterExit=yes\n");
    if (!isOfUsualRoot()) {
      text.append("Environment=").append(quoted("KEG_ROOT=" + root)).append('\n');
    }
    text.append("ExecStart=/usr/bin/keg mount ").append(volume).append('\n');
    text.append("ExecStop=/usr/bin/keg unmount ").append(volume).append('\n');
    return text.toString();
  }

  private List<String> paths() {
    return Stream.concat(Stream.of(root), sources.stream().filter(source -> !isDevice(source)))
        .map(MountService::quoted)
        .toList();
  }

  private List<String> units() {
    return Stream.concat(
            first.stream().map(MountService::name),
            sources.stream().filter(MountService::isDevice).map(UnitName::ofDevice))
        .toList();
  }

  private static boolean isDevice(String source) {
    return source.startsWith(DEVICES);
  }

  private static String quoted(String word) {
    return '"' + word.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%") + '"';
  }
}
