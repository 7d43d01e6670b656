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

/**
 * The mounts that a system makes at boot: bind mounts on this host, or disks and 9p shares in a
 * machine.
 */
final class MountLines {
  /**
   * One mount as the columns of fstab(5), unescaped.
   *
   * @param pass the order of its check at boot; 0 means never
   */
  record MountLine(String source, String target, String type, List<String> options, int pass) {
    MountLine {
      options = List.copyOf(options);
    }
  }

  // The device is missing after a detach, so booting must not wait for it.
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
    return lines;
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
    return new MountLine(
        tree.source(),
        tree.target(),
        "none",
        options("none", List.of(recursive ? "rbind" : "bind"), tree),
        0);
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
