package dev.keg.cli.option;

import dev.keg.mountspec.Access;
import dev.keg.mountspec.Access.Propagation;
import dev.keg.mountspec.Access.Recursion;
import dev.keg.mountspec.Access.Relabel;
import dev.keg.mountspec.IdMap;
import dev.keg.mountspec.MountConfig;
import dev.keg.mountspec.MountSpec;
import dev.keg.mountspec.MountSpecs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How a single volume is mounted. */
public final class AccessOptions {
  /** The options of this mixin. */
  public static final List<String> NAMES =
      List.of(
          "--read-only",
          "--opt",
          "--propagation",
          "--recursive",
          "--selinux-label",
          "--idmap",
          "--subpath");

  @Option(
      names = {"-r", "--read-only"},
      description = "Refuse writes through this mount")
  private boolean readOnly;

  @Option(
      names = {"-o", "--opt"},
      paramLabel = "words",
      description =
          "Mode as in -v, separated by commas: ro, noexec, nosuid, nodev, noatime, z, ...")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--propagation",
      paramLabel = "word",
      converter = PropagationWord.class,
      completionCandidates = PropagationWord.class,
      description = "How later mounts are passed on (default \"rprivate\")")
  private Optional<Propagation> propagation = Optional.empty();

  @Option(
      names = "--recursive",
      paramLabel = "word",
      converter = RecursionWord.class,
      completionCandidates = RecursionWord.class,
      description = "Whether mounts below the source come along (default \"enabled\")")
  private Optional<Recursion> recursion = Optional.empty();

  @Option(
      names = "--selinux-label",
      paramLabel = "z|Z",
      converter = RelabelLetter.class,
      completionCandidates = RelabelLetter.class,
      description =
          "Under SELinux, share the files with all containers (z) or keep them private (Z)")
  private Optional<Relabel> relabel = Optional.empty();

  @Option(
      names = "--idmap",
      paramLabel = "map",
      description = "Map owners: uids=DISK-SEEN-COUNT[#...];gids=DISK-SEEN-COUNT[#...]")
  private Optional<String> idMap = Optional.empty();

  @Option(names = "--subpath", paramLabel = "path", description = "Mount this part of the volume")
  private Optional<String> subpath = Optional.empty();

  /** The mount of an existing volume or snapshot at a target, as these options describe it. */
  public MountSpec mount(MountSpecs grammar, String volume, String target) {
    MountConfig config =
        new MountConfig("volume", volume, target, false)
            .with(new MountConfig.VolumePart(true, subpath.orElse(""), MountConfig.Creation.NEVER));
    return grammar.structured(config).with(access(grammar));
  }

  // The words first, since separate options override them.
  private Access access(MountSpecs grammar) {
    Access access = grammar.access(String.join(",", words));
    if (readOnly) {
      access = access.withReadOnly(true);
    }
    access = access.with(propagation.orElse(access.propagation()));
    access = access.with(recursion.orElse(access.recursion()));
    return access.with(
        relabel.or(access::relabel).orElse(null),
        idMap.map(IdMap::parse).or(access::idMap).orElse(null));
  }

  /** The words of mount_namespaces(7). */
  static final class PropagationWord extends OneOf<Propagation> {
    PropagationWord() {
      super(Propagation.values(), Propagation::word);
    }
  }

  /** The words of {@code bind-recursive}. */
  static final class RecursionWord extends OneOf<Recursion> {
    RecursionWord() {
      super(Recursion.values(), Recursion::word);
    }
  }

  /** Docker's letters. */
  static final class RelabelLetter extends OneOf<Relabel> {
    RelabelLetter() {
      super(Relabel.values(), relabel -> relabel == Relabel.SHARED ? "z" : "Z");
    }
  }
}
