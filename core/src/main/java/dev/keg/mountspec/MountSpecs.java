package dev.keg.mountspec;

import dev.keg.error.InvalidInput.InvalidSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parses the texts of mounts by the rules of one platform. */
public final class MountSpecs {
  private final PathStyle style;
  private final HostFacts host;
  private final PlatformRules rules;

  public MountSpecs(PathStyle style, HostFacts host) {
    this.style = style;
    this.host = host;
    this.rules = PlatformRules.of(style, host);
  }

  /** {@code -v [SOURCE:]TARGET[:MODE]}. */
  public MountSpec volume(String text) {
    String spec = withAbsoluteSource(text);
    MountConfig config = rules.split(spec);
    try {
      return structured(config);
    } catch (InvalidSpec e) {
      throw e.within("invalid volume specification: '" + spec + "'");
    }
  }

  private String withAbsoluteSource(String text) {
    ShortSpec parts = ShortSpec.parse(text);
    if (!parts.source().startsWith(".")) {
      return text;
    }
    int colon = text.indexOf(':');
    return absolute(text.substring(0, colon)) + text.substring(colon);
  }

  /** {@code --mount KEY=VALUE,...}. */
  public MountSpec mount(String text) {
    return structured(MountOption.parse(text, rules, host));
  }

  /** {@code --tmpfs TARGET[:OPTIONS]}. */
  public MountSpec tmpfs(String text) {
    int colon = text.indexOf(':');
    String target = colon < 0 ? text : text.substring(0, colon);
    rules.checkTmpfsTarget(target);
    List<String> words =
        colon < 0 || colon + 1 == text.length()
            ? List.of()
            : List.of(text.substring(colon + 1).split(",", -1));
    return TmpfsOptions.merge(words).at(LinuxPaths.clean(target), Access.DEFAULT);
  }

  /** {@code --volumes-from ID[:MODE]}. */
  public VolumesFrom volumesFrom(String text) {
    if (text.isEmpty()) {
      throw new InvalidSpec("volumes-from specification cannot be an empty string");
    }
    int colon = text.indexOf(':');
    String id = colon < 0 ? text : text.substring(0, colon);
    return colon < 0 || colon + 1 == text.length()
        ? new VolumesFrom(id, "rw")
        : rules.volumesFrom(id, text.substring(colon + 1));
  }

  /** A text already split at its colons; its source is absolute or a name. */
  public MountConfig config(ShortSpec spec) {
    return rules.config(spec);
  }

  /** A mount given as fields rather than as text. */
  public MountSpec structured(MountConfig config) {
    rules.check(config);
    return rules.spec(config);
  }

  /** The access to a mount, in the words that may follow the second colon of {@code -v}. */
  public Access access(String words) {
    return rules.access(words);
  }

  /** A path of the host, relative to the working directory; must not be empty. */
  public String absolute(String path) {
    if (path.isEmpty()) {
      throw new InvalidSpec("field Target must not be empty");
    }
    return absolute(path, host.workingDirectory());
  }

  /** A path of the host, relative to the directory. */
  public String absolute(String path, String base) {
    return rules.isAbsolute(path) ? path : rules.absolute(path, base);
  }

  /**
   * The mounts of one container. As in docker, a repeated {@code -v} counts once, the last {@code
   * --tmpfs} of a target wins, and an anonymous {@code -v} gives way to any other mount on its
   * target. Any other two mounts on one target are an error.
   */
  public List<MountSpec> all(SpecTexts texts) {
    List<MountSpec> anonymous = new ArrayList<>();
    List<MountSpec> named = new ArrayList<>();
    for (String text : new LinkedHashSet<>(texts.volumes())) {
      MountSpec spec = volume(text);
      (isAnonymous(spec) ? anonymous : named).add(spec);
    }
    texts.mounts().forEach(text -> named.add(mount(text)));
    Map<String, MountSpec> memory = new LinkedHashMap<>();
    texts.tmpfs().stream().map(this::tmpfs).forEach(spec -> memory.put(spec.target(), spec));
    named.addAll(memory.values());
    refuseDuplicates(named);
    Set<String> taken = new HashSet<>();
    named.forEach(spec -> taken.add(style.identity(spec.target())));
    for (MountSpec spec : anonymous) {
      if (taken.add(style.identity(spec.target()))) {
        named.add(spec);
      }
    }
    return List.copyOf(named);
  }

  private static boolean isAnonymous(MountSpec spec) {
    return spec instanceof MountSpec.Named named && named.volume().name().isEmpty();
  }

  /** Refuses two mounts on one target. */
  public void refuseDuplicates(List<MountSpec> specs) {
    Set<String> taken = new HashSet<>();
    for (MountSpec spec : specs) {
      if (!taken.add(style.identity(spec.target()))) {
        throw new InvalidSpec("Duplicate mount point: " + spec.target());
      }
    }
  }

  /** The texts that describe one container's mounts. */
  public record SpecTexts(List<String> volumes, List<String> mounts, List<String> tmpfs) {
    public SpecTexts {
      volumes = List.copyOf(volumes);
      mounts = List.copyOf(mounts);
      tmpfs = List.copyOf(tmpfs);
    }
  }
}
