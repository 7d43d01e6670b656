package dev.keg.cli.command;

import dev.keg.mountspec.Access;
import dev.keg.mountspec.Access.Propagation;
import dev.keg.mountspec.Access.Recursion;
import dev.keg.mountspec.Access.Relabel;
import dev.keg.mountspec.IdMap;
import dev.keg.mountspec.MountSpecs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How a single mount is to be seen. */
final class AccessOptions {
  @Option(
      names = {"-r", "--read-only"},
      description = "Nothing can be written through the mount")
  private boolean readOnly;

  @Option(
      names = {"-o", "--opt"},
      paramLabel = "words",
      description = "What may stand behind the target in -v: ro, noexec, nosuid, nodev, z, ...")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--propagation",
      paramLabel = "word",
      converter = PropagationWord.class,
      completionCandidates = PropagationWords.class,
      description = "How mounts made later are passed on (default \"rprivate\")")
  private Optional<Propagation> propagation = Optional.empty();

  @Option(
      names = "--recursive",
      paramLabel = "word",
      converter = RecursionWord.class,
      completionCandidates = RecursionWords.class,
      description = "What becomes of mounts below the source (default \"enabled\")")
  private Optional<Recursion> recursion = Optional.empty();

  @Option(
      names = "--selinux-label",
      paramLabel = "z|Z",
      converter = RelabelLetter.class,
      completionCandidates = RelabelLetters.class,
      description = "Let all containers (z) or only this one (Z) use the files under SELinux")
  private Optional<Relabel> relabel = Optional.empty();

  @Option(
      names = "--idmap",
      paramLabel = "map",
      description = "Translate owners: uids=DISK-SEEN-COUNT[#...];gids=DISK-SEEN-COUNT[#...]")
  private Optional<String> idMap = Optional.empty();

  /** The words, then what options of their own say. */
  Access access(MountSpecs specs) {
    Access access = specs.access(String.join(",", words));
    if (readOnly) {
      access = access.withReadOnly(true);
    }
    access = access.with(propagation.orElse(access.propagation()));
    access = access.with(recursion.orElse(access.recursion()));
    return access.with(
        relabel.or(access::relabel).orElse(null),
        idMap.map(IdMap::parse).or(access::idMap).orElse(null));
  }

  boolean given() {
    return readOnly
        || !words.isEmpty()
        || propagation.isPresent()
        || recursion.isPresent()
        || relabel.isPresent()
        || idMap.isPresent();
  }

  private static TypeConversionException noneOf(List<String> words) {
    return new TypeConversionException("it is none of " + String.join(", ", words));
  }

  /** The words of mount_namespaces(7). */
  static final class PropagationWords extends ArrayList<String> {
    PropagationWords() {
      super(Arrays.stream(Propagation.values()).map(Propagation::word).toList());
    }
  }

  /** One of them. */
  static final class PropagationWord implements ITypeConverter<Propagation> {
    @Override
    public Propagation convert(String value) {
      return Propagation.find(value).orElseThrow(() -> noneOf(new PropagationWords()));
    }
  }

  /** The words of {@code bind-recursive}. */
  static final class RecursionWords extends ArrayList<String> {
    RecursionWords() {
      super(Arrays.stream(Recursion.values()).map(Recursion::word).toList());
    }
  }

  /** One of them. */
  static final class RecursionWord implements ITypeConverter<Recursion> {
    @Override
    public Recursion convert(String value) {
      return Recursion.find(value).orElseThrow(() -> noneOf(new RecursionWords()));
    }
  }

  /** Docker's letters. */
  static final class RelabelLetters extends ArrayList<String> {
    RelabelLetters() {
      super(List.of("z", "Z"));
    }
  }

  /** One of them. */
  static final class RelabelLetter implements ITypeConverter<Relabel> {
    @Override
    public Relabel convert(String value) {
      return Relabel.find(value).orElseThrow(() -> noneOf(new RelabelLetters()));
    }
  }
}
