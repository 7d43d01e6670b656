package dev.keg.render.document;

import dev.keg.render.document.MountLines.MountLine;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * User data for cloud-init in a machine: its {@code mounts}, which become lines of fstab unchanged,
 * and the modules for 9p shares, now and at the next boot.
 */
public final class CloudInit {
  private CloudInit() {}

  public static String of(List<Part> parts, LineSettings settings) {
    List<MountLine> lines = MountLines.ofMachine("cloud-init", parts, settings);
    StringBuilder text = new StringBuilder("#cloud-config\n");
    if (lines.stream().anyMatch(line -> line.type().equals("9p"))) {
      text.append(MODULES);
    }
    // Its schema does not allow empty lists.
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

  // Quote all fields: if the name is not a device, cloud-init takes the fields unchanged and fails
  // on a number.
  private static String entry(MountLine line) {
    return Fstab.fields(withDirectory(line)).stream()
        .map(YamlText::quoted)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  // Cloud-init creates the directory with the name as written, without decoding escapes.
  private static MountLine withDirectory(MountLine line) {
    if (Fstab.escaped(line.target()).equals(line.target())) {
      return line;
    }
    List<String> options = new ArrayList<>(line.options());
    options.add("X-mount.mkdir");
    return new MountLine(
        line.source(), line.target(), line.type(), options, line.pass(), line.service());
  }
}
