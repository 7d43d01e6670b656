package dev.keg.render.document;

import dev.keg.mountspec.Access;
import dev.keg.mountspec.Access.Propagation;
import dev.keg.mountspec.Access.Recursion;
import dev.keg.render.document.Vocabulary.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A compose file with the mounts of one service. As a second file for {@code docker compose -f},
 * its mounts replace those with the same targets in the first one.
 */
public final class ComposeService {
  private static final Vocabulary WORDS =
      Vocabulary.of("compose", Word.PROPAGATION, Word.RECURSION, Word.RELABEL);
  private static final Vocabulary MEMORY = Vocabulary.of("compose", Word.RESTRICTION);

  private final List<String> volumes = new ArrayList<>();
  private final List<String> memory = new ArrayList<>();

  private ComposeService() {}

  public static String of(String service, List<Part> parts) {
    ComposeService compose = new ComposeService();
    parts.forEach(compose::add);
    return compose.text(service);
  }

  private String text(String service) {
    StringBuilder text = new StringBuilder("services:\n  ");
    text.append(YamlText.scalar(service)).append(":");
    if (volumes.isEmpty() && memory.isEmpty()) {
      text.append(" {}\n");
      return text.toString();
    }
    section(text.append('\n'), "volumes", volumes);
    section(text, "tmpfs", memory);
    return text.toString();
  }

  private static void section(StringBuilder text, String name, List<String> items) {
    if (!items.isEmpty()) {
      text.append("    ").append(name).append(":\n");
      items.forEach(item -> text.append("      - ").append(item).append('\n'));
    }
  }

  private void add(Part part) {
    switch (part) {
      case Part.Tree tree -> {
        WORDS.check(tree);
        volumes.add(mount("bind", tree.source(), tree.target(), extras(tree.access())));
      }
      case Part.Pipe pipe -> volumes.add(mount("npipe", pipe.source(), pipe.target(), List.of()));
      case Part.Memory tmpfs -> memory.add(memory(tmpfs));
      case Part.Disk disk -> throw WORDS.refused(disk, "a container has no disks");
    }
  }

  private static List<String> extras(Access access) {
    List<String> bind = new ArrayList<>();
    if (access.propagation() != Propagation.RPRIVATE) {
      bind.add("propagation: " + access.propagation().word());
    }
    if (access.recursion() != Recursion.ENABLED) {
      bind.add("recursive: " + access.recursion().word());
    }
    access
        .relabel()
        .ifPresent(label -> bind.add("selinux: " + (label == Access.Relabel.SHARED ? "z" : "Z")));
    List<String> extras = new ArrayList<>();
    if (access.readOnly()) {
      extras.add("read_only: true");
    }
    if (!bind.isEmpty()) {
      extras.add("bind:\n  " + String.join("\n  ", bind));
    }
    return extras;
  }

  private static String mount(String type, String source, String target, List<String> extras) {
    List<String> lines = new ArrayList<>();
    lines.add("type: " + type);
    lines.add("source: " + scalar(source));
    lines.add("target: " + scalar(target));
    lines.addAll(extras);
    return lines.stream().flatMap(String::lines).collect(Collectors.joining("\n        "));
  }

  private static String memory(Part.Memory tmpfs) {
    MEMORY.check(tmpfs);
    if (tmpfs.target().contains(":")) {
      throw MEMORY.refused(tmpfs, "the target of a tmpfs cannot contain a colon");
    }
    List<String> options = new ArrayList<>();
    if (tmpfs.access().readOnly()) {
      options.add("ro");
    }
    // Docker sets all three by default.
    for (Access.Restriction restriction : Access.Restriction.OF_TMPFS) {
      boolean asked = tmpfs.access().restrictions().contains(restriction);
      options.add(asked ? restriction.word() : restriction.word().substring("no".length()));
    }
    tmpfs.access().restrictions().stream()
        .filter(restriction -> !Access.Restriction.OF_TMPFS.contains(restriction))
        .map(Access.Restriction::word)
        .sorted()
        .forEach(options::add);
    options.addAll(tmpfs.options());
    return scalar(tmpfs.target() + ":" + String.join(",", options));
  }

  // A dollar sign begins a variable.
  private static String scalar(String text) {
    return YamlText.scalar(text.replace("$", "$$"));
  }
}
