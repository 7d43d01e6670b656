package dev.keg.render.document;

import dev.keg.json.JsonObject;
import dev.keg.mountspec.Access;
import dev.keg.mountspec.Access.Recursion;
import dev.keg.mountspec.IdMap;
import dev.keg.render.document.Vocabulary.Word;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code mounts} of an OCI runtime's {@code config.json}. Runtimes silently pass on unknown
 * options, so every option here is one of the specification.
 */
public final class OciMounts {
  private static final Vocabulary WORDS =
      Vocabulary.of("oci", Word.RESTRICTION, Word.PROPAGATION, Word.RECURSION, Word.ID_MAP);
  private static final Vocabulary WINDOWS_WORDS = Vocabulary.of("oci");

  private OciMounts() {}

  public static String of(List<Part> parts) {
    return new JsonObject()
        .objects("mounts", parts.stream().map(OciMounts::mount).toList())
        .pretty();
  }

  private static JsonObject mount(Part part) {
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

  private static JsonObject bind(Part.Tree tree) {
    WORDS.check(tree);
    Access access = tree.access();
    boolean recursive = access.recursion() != Recursion.DISABLED;
    List<String> options = new ArrayList<>(List.of(recursive ? "rbind" : "bind"));
    options.addAll(flags(access));
    JsonObject ids =
        access.idMap().map(map -> ids(map, recursive, options)).orElse(new JsonObject());
    return mount(tree.target(), "bind", tree.source(), options).and(ids);
  }

  // The container's id of a mapping is the one on disk: as in a user namespace, the inside id comes
  // first.
  private static JsonObject ids(IdMap map, boolean recursive, List<String> options) {
    options.add(recursive ? "ridmap" : "idmap");
    return new JsonObject()
        .objects("uidMappings", map.uids().stream().map(OciMounts::range).toList())
        .objects("gidMappings", map.gids().stream().map(OciMounts::range).toList());
  }

  private static JsonObject range(IdMap.Range range) {
    return new JsonObject()
        .put("containerID", range.onDisk())
        .put("hostID", range.seen())
        .put("size", range.count());
  }

  private static List<String> flags(Access access) {
    List<String> flags = new ArrayList<>();
    boolean allReadOnly = access.readOnly() && access.recursion() == Recursion.READONLY;
    flags.add(allReadOnly ? "rro" : access.readOnly() ? "ro" : "rw");
    access.restrictions().stream().map(Access.Restriction::word).sorted().forEach(flags::add);
    flags.add(access.propagation().word());
    return flags;
  }

  private static JsonObject mount(String target, String type, String source, List<String> options) {
    return new JsonObject()
        .put("destination", target)
        .put("type", type)
        .put("source", source)
        .texts("options", options);
  }

  // Mounts of Windows containers have no type field.
  private static JsonObject windows(String source, String target, boolean readOnly) {
    JsonObject mount = new JsonObject().put("destination", target).put("source", source);
    return readOnly ? mount.texts("options", List.of("ro")) : mount;
  }
}
