package dev.keg.render.document;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * User data for cloud-init in a machine: its {@code mounts}, which become lines of fstab as they
 * stand, and the modules that 9p shares need, now and at the next start.
 */
public final class CloudInit {
  private CloudInit() {}

  public static String of(List<Part> parts, LineSettings settings) {
    List<MountLine> lines = MountLines.ofMachine("cloud-init", parts, settings);
    StringBuilder text = new StringBuilder("#cloud-config\n");
    if (lines.stream().anyMatch(line -> line.type().equals("9p"))) {
      text.append(MODULES);
    }
    // Its schema wants a list to have something in it.
    text.append(lines.isEmpty() ? "{}\n" : "mounts:\n");
    for (MountLine line : lines) {
      text.append("  - ").append(entry(line)).append('\n');
    }
    return text.toString();
  }

  private static final String MODULES =
      """
      bootcmd:
        - [modprobe, -a, 9p, 9pnet_virtio]
      write_files:
        - path: /etc/modules-load.d/9p-volumes.conf
          content: |
            9p
            9pnet_virtio
      """;

  // All in quotes: of a name that is no device cloud-init takes the fields as they come, and fails
  // on a number.
  private static String entry(MountLine line) {
    return Fstab.fields(withDirectory(line)).stream()
        .map(YamlText::quoted)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  // Cloud-init makes the directory that it reads, not the one that its escapes mean.
  private static MountLine withDirectory(MountLine line) {
    if (Fstab.escaped(line.target()).equals(line.target())) {
      return line;
    }
    List<String> options = new ArrayList<>(line.options());
    options.add("X-mount.mkdir");
    return new MountLine(line.source(), line.target(), line.type(), options, line.pass());
  }
}
