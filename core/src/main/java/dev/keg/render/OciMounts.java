package dev.keg.render;

import static dev.keg.render.JsonText.member;
import static dev.keg.render.JsonText.objects;
import static dev.keg.render.JsonText.texts;

import dev.keg.mountspec.Access;
import dev.keg.mountspec.Access.Recursion;
import dev.keg.mountspec.IdMap;
import dev.keg.render.JsonText.Body;
import dev.keg.render.Vocabulary.Word;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code mounts} of an OCI runtime's {@code config.json}. Runtimes pass on an option that they
 * do not know without a word, so every option here is one that the specification names.
 */
public final class OciMounts {
  private static final Vocabulary WORDS =
      Vocabulary.of("oci", Word.RESTRICTION, Word.PROPAGATION, Word.RECURSION, Word.ID_MAP);
  private static final Vocabulary WINDOWS_WORDS = Vocabulary.of("oci");

  private OciMounts() {}

  public static String of(List<Part> parts) {
    return JsonText.pretty(objects("mounts", parts.stream().map(OciMounts::mount).toList()));
  }

  private static Body mount(Part part) {
    return switch (part) {
      case Part.Tree tree when tree.target().startsWith("/") -> bind(tree);
      case Part.Tree tree -> {
        WINDOWS_WORDS.check(tree);
        yield windows(tree.source(), tree.target(), tree.access().readOnly());
      }
      case Part.Memory memory -> {
        WORDS.check(memory);
        List<String> options = flags(memory.access());
        options.addAll(memory.options());
        yield mount(memory.target(), "tmpfs", "tmpfs", options);
      }
      case Part.Pipe pipe -> windows(pipe.source(), pipe.target(), false);
      case Part.Disk disk -> throw WORDS.refused(disk, "a container has no disks");
    };
  }

  private static Body bind(Part.Tree tree) {
    WORDS.check(tree);
    Access access = tree.access();
    boolean recursive = access.recursion() != Recursion.DISABLED;
    List<String> options = new ArrayList<>(List.of(recursive ? "rbind" : "bind"));
    options.addAll(flags(access));
    Body ids = access.idMap().map(map -> ids(map, recursive, options)).orElse(Body.NONE);
    return mount(tree.target(), "bind", tree.source(), options).and(ids);
  }

  // The container's side of a mapping is what the disk has: as in a user namespace, inside is
  // first.
  private static Body ids(IdMap map, boolean recursive, List<String> options) {
    options.add(recursive ? "ridmap" : "idmap");
    return objects("uidMappings", map.uids().stream().map(OciMounts::range).toList())
        .and(objects("gidMappings", map.gids().stream().map(OciMounts::range).toList()));
  }

  private static Body range(IdMap.Range range) {
    return json -> {
      json.writeNumberField("containerID", range.onDisk());
      json.writeNumberField("hostID", range.seen());
      json.writeNumberField("size", range.count());
    };
  }

  private static List<String> flags(Access access) {
    List<String> flags = new ArrayList<>();
    boolean allReadOnly = access.readOnly() && access.recursion() == Recursion.READONLY;
    flags.add(allReadOnly ? "rro" : access.readOnly() ? "ro" : "rw");
    access.restrictions().stream().map(Access.Restriction::word).sorted().forEach(flags::add);
    flags.add(access.propagation().word());
    return flags;
  }

  private static Body mount(String target, String type, String source, List<String> options) {
    return member("destination", target)
        .and(member("type", type))
        .and(member("source", source))
        .and(texts("options", options));
  }

  // Mounts of Windows containers have no type.
  private static Body windows(String source, String target, boolean readOnly) {
    Body mount = member("destination", target).and(member("source", source));
    return readOnly ? mount.and(texts("options", List.of("ro"))) : mount;
  }
}
