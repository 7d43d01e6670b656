package dev.keg.render.document;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.mountspec.Access;
import dev.keg.mountspec.Access.Propagation;
import dev.keg.mountspec.Access.Recursion;
import dev.keg.mountspec.MountSpec;
import dev.keg.render.document.Vocabulary.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The mounts that a system makes at boot: bind mounts on this host, or disks and 9p shares in a
 * machine.
 */
final class MountLines {
  /**
   * One mount as the columns of fstab(5), unescaped.
   *
   * @param pass the order of its check at boot; 0 means never
   * @param service what must run first; absent if nothing must
   */
  record MountLine(
      String source,
      String target,
      String type,
      List<String> options,
      int pass,
      @Nullable MountService service) {
    MountLine {
      options = List.copyOf(options);
    }

    MountLine(String source, String target, String type, List<String> options, int pass) {
      this(source, target, type, options, pass, null);
    }

    /** Whether the mount is late in the boot, so that the file systems of the host cannot wait. */
    boolean isLate() {
      return options.contains(NOT_NEEDED);
    }

    /** Whether the other must be mounted first. */
    private boolean isOn(MountLine other) {
      return isBelow(source, other.target) || isBelow(target, other.target);
    }

    private static boolean isBelow(String path, String parent) {
      return path.equals(parent) || path.startsWith(parent.endsWith("/") ? parent : parent + "/");
    }

    private MountLine late() {
      List<String> all = new ArrayList<>(options);
      all.add(NOT_NEEDED);
      return new MountLine(source, target, type, all, pass, service);
    }
  }

  // The device is missing after a detach, so booting must not wait for it. Nor can the boot's early
  // part wait for a service that is started after it.
  private static final String NOT_NEEDED = "nofail";

  private final Vocabulary words;
  private final boolean machine;
  private final LineSettings settings;

  private MountLines(String document, boolean machine, LineSettings settings) {
    this.words =
        machine
            ? Vocabulary.of(document, Word.RESTRICTION, Word.PROPAGATION)
            : Vocabulary.of(document, Word.RESTRICTION, Word.PROPAGATION, Word.RECURSION);
    this.machine = machine;
    this.settings = settings;
  }

  static List<MountLine> ofHost(String document, List<Part> parts, LineSettings settings) {
    return new MountLines(document, false, settings).lines(parts);
  }

  static List<MountLine> ofMachine(String document, List<Part> parts, LineSettings settings) {
    return new MountLines(document, true, settings).lines(parts);
  }

  private List<MountLine> lines(List<Part> parts) {
    MountTags tags = new MountTags();
    DiskNames names = new DiskNames(parts);
    List<MountLine> lines = new ArrayList<>();
    for (Part part : parts) {
      words.check(part);
      line(part, tags, names).ifPresent(lines::add);
    }
    refuseUnused(lines);
    lines.sort(Comparator.comparingInt(line -> MountSpec.depth(line.target())));
    return machine ? lines : lateOnLate(lines);
  }

  /** What is mounted on a late mount is late, too. */
  private static List<MountLine> lateOnLate(List<MountLine> lines) {
    List<MountLine> result = new ArrayList<>(lines);
    boolean changed = true;
    while (changed) {
      List<MountLine> late = result.stream().filter(MountLine::isLate).toList();
      changed = false;
      for (int i = 0; i < result.size(); i++) {
        MountLine line = result.get(i);
        if (!line.isLate() && late.stream().anyMatch(line::isOn)) {
          result.set(i, line.late());
          changed = true;
        }
      }
    }
    return result;
  }

  private void refuseUnused(List<MountLine> lines) {
    for (String word : settings.options()) {
      if (lines.stream().noneMatch(line -> MountWords.fits(word, line.type()))) {
        throw new InvalidSpec("mount option '%s' applies to none of these mounts".formatted(word));
      }
    }
  }

  private Optional<MountLine> line(Part part, MountTags tags, DiskNames names) {
    return switch (part) {
      case Part.Tree tree -> Optional.of(machine ? share(tree, tags) : bind(tree));
      case Part.Memory memory ->
          Optional.of(
              new MountLine(
                  "tmpfs",
                  memory.target(),
                  "tmpfs",
                  options("tmpfs", memory.options(), memory),
                  0));
      case Part.Disk disk -> disk.target().map(target -> disk(disk, target, names));
      case Part.Pipe pipe -> throw words.refused(pipe, "only Windows has named pipes");
    };
  }

  private MountLine bind(Part.Tree tree) {
    boolean recursive = tree.access().recursion() != Recursion.DISABLED;
    List<String> first = new ArrayList<>(List.of(recursive ? "rbind" : "bind"));
    MountService service = tree.service();
    if (service != null) {
      first.add(NOT_NEEDED);
      if (service.network()) {
        first.add("_netdev");
      }
    }
    return new MountLine(
        tree.source(), tree.target(), "none", options("none", first, tree), 0, service);
  }

  private MountLine share(Part.Tree tree, MountTags tags) {
    return new MountLine(
        tags.next(words, tree),
        tree.target(),
        "9p",
        options(
            "9p", List.of("trans=virtio", "version=9p2000.L", "msize=512000", NOT_NEEDED), tree),
        0);
  }

  private MountLine disk(Part.Disk disk, String target, DiskNames names) {
    String type = disk.image().fileSystem();
    if (type.equals("none")) {
      throw words.refused(disk, "there is no file system on the disk (fs=none)");
    }
    return new MountLine(
        names.of(disk.image()),
        target,
        type,
        options(type, List.of(NOT_NEEDED), disk),
        disk.access().readOnly() ? 0 : 2);
  }

  private List<String> options(String type, List<String> first, Part part) {
    Access access = part.access();
    List<String> options = new ArrayList<>(first);
    if (access.readOnly()) {
      options.add(access.recursion() == Recursion.READONLY ? "ro=recursive" : "ro");
    }
    access.restrictions().stream().map(Access.Restriction::word).sorted().forEach(options::add);
    if (access.propagation() != Propagation.RPRIVATE) {
      options.add(access.propagation().word());
    }
    if (!settings.automount() || !access.machine().automount()) {
      options.add("noauto");
    }
    settings.options().stream().filter(word -> MountWords.fits(word, type)).forEach(options::add);
    for (String word : access.machine().options()) {
      if (MountWords.fits(word, type)) {
        options.add(word);
      } else if (machine) {
        throw words.refused(part, "mount option '%s' does not apply to it".formatted(word));
      }
    }
    return MountWords.once(options);
  }
}
