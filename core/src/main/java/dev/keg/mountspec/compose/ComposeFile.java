package dev.keg.mountspec.compose;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.mountspec.MountConfig;
import dev.keg.mountspec.MountConfig.VolumePart;
import dev.keg.mountspec.MountSpec;
import dev.keg.mountspec.MountSpecs;
import dev.keg.mountspec.VolumesFrom;
import dev.keg.mountspec.WantedVolume;
import dev.keg.volume.GoSyntax;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A compose file, read for the mounts of its services. */
public final class ComposeFile {
  /** A longer file is refused. */
  public static final int MAX_BYTES = YamlReader.MAX_CHARACTERS;

  private static final String SERVICES = "services";
  private static final String VMS = "vms";

  private final YamlPlace root;
  private final ComposeContext around;
  private final Interpolation interpolation;
  private final Map<String, List<MountSpec>> resolved = new HashMap<>();
  private @Nullable Set<String> ofServices;

  private ComposeFile(YamlPlace root, ComposeContext around, Interpolation interpolation) {
    this.root = root;
    this.around = around;
    this.interpolation = interpolation;
  }

  /**
   * The location of a file.
   *
   * @param file its name, for messages
   * @param directory absolute; relative paths in the file start here
   * @param givenProject the project's name, if one was given
   */
  public record Origin(
      String file,
      String directory,
      Map<String, String> environment,
      @Nullable String givenProject) {
    public Origin {
      environment = Map.copyOf(environment);
    }
  }

  public static ComposeFile parse(String text, Origin origin, MountSpecs specs) {
    try {
      Yaml document =
          YamlReader.read(text).orElseThrow(() -> new InvalidSpec("empty compose file"));
      Interpolation early = new Interpolation(origin.environment());
      YamlPlace top = new YamlPlace("", document, early);
      String project = project(top, origin);
      Map<String, String> environment = new HashMap<>(origin.environment());
      environment.put("COMPOSE_PROJECT_NAME", project);
      Interpolation interpolation = new Interpolation(environment);
      return new ComposeFile(
          new YamlPlace("", document, interpolation),
          new ComposeContext(project, origin.directory(), environment, specs),
          interpolation);
    } catch (InvalidSpec e) {
      throw e.within("parsing " + origin.file());
    }
  }

  private static String project(YamlPlace root, Origin origin) {
    Optional<String> chosen =
        Optional.ofNullable(origin.givenProject())
            .or(() -> Optional.ofNullable(origin.environment().get("COMPOSE_PROJECT_NAME")))
            .filter(name -> !name.isEmpty())
            .or(() -> root.at("name").optionalText());
    if (chosen.isPresent()) {
      return checkedProject(chosen.get());
    }
    String directory = origin.directory().replace('\\', '/').replaceFirst("/+$", "");
    String name =
        directory
            .substring(directory.lastIndexOf('/') + 1)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^-_a-z0-9]", "")
            .replaceFirst("^[-_]+", "");
    if (name.isEmpty()) {
      throw new InvalidSpec("project name must not be empty");
    }
    return name;
  }

  private static String checkedProject(String name) {
    if (!name.matches("[a-z0-9][a-z0-9_-]*")) {
      throw new InvalidSpec(
          "invalid project name "
              + GoSyntax.quote(name)
              + ": must consist only of lowercase alphanumeric characters, hyphens, and underscores"
              + " as well as start with a letter or number");
    }
    return name;
  }

  /** The prefix for the names of the volumes that the file declares. */
  public String project() {
    return around.project();
  }

  /** Warnings about the file. */
  public List<String> warnings() {
    return interpolation.unset().stream()
        .map(
            name ->
                "The "
                    + GoSyntax.quote(name)
                    + " variable is not set. Defaulting to a blank string.")
        .toList();
  }

  /** The volumes that these services use by name; without a service, all that are declared. */
  public List<WantedVolume> declared(List<String> services) {
    if (services.isEmpty()) {
      return root.at("volumes").keys().stream()
          .sorted()
          .map(key -> declared(key).wanted())
          .toList();
    }
    return services.stream()
        .flatMap(service -> mounts(service).stream())
        .filter(MountSpec.Named.class::isInstance)
        .map(mount -> ((MountSpec.Named) mount).volume())
        .filter(volume -> volume.name().isPresent())
        .distinct()
        .toList();
  }

  /** Whether the file defines a machine of that name. */
  public boolean isMachine(String name) {
    return root.at(VMS).has(name);
  }

  /** The mounts of the service; if its list has two entries for one target, the last one wins. */
  public List<MountSpec> mounts(String service) {
    List<MountSpec> mounts = mounts(service, new LinkedHashSet<>());
    around.specs().refuseDuplicates(mounts);
    return List.copyOf(mounts);
  }

  private List<MountSpec> mounts(String service, Set<String> via) {
    List<MountSpec> known = resolved.get(service);
    if (known != null) {
      return known;
    }
    YamlPlace place = consumer(service);
    if (!via.add(service)) {
      throw place.wrong("refers to itself through " + String.join(", ", via));
    }
    Map<String, MountSpec> byTarget = new LinkedHashMap<>();
    base(place.at("extends"), via).forEach(mount -> byTarget.put(mount.target(), mount));
    for (YamlPlace volume : place.at("volumes").items()) {
      MountSpec mount = mount(service, volume);
      byTarget.put(mount.target(), mount);
    }
    List<MountSpec> mounts = new ArrayList<>(byTarget.values());
    place.at("tmpfs").oneOrMore().forEach(text -> mounts.add(around.specs().tmpfs(text.text())));
    for (YamlPlace from : place.at("volumes_from").items()) {
      addMissing(mounts, inherited(from, via));
    }
    via.remove(service);
    resolved.put(service, mounts);
    return mounts;
  }

  /** A service, or a machine in a file of qemu-compose. */
  private YamlPlace consumer(String name) {
    if (isMachine(name) && root.at(SERVICES).has(name)) {
      throw new InvalidSpec("'%s' is both a service and a machine".formatted(name));
    }
    return Stream.of(SERVICES, VMS)
        .map(root::at)
        .filter(all -> all.has(name))
        .map(all -> all.at(name))
        .findFirst()
        .orElseThrow(() -> new InvalidSpec("no such service: " + name));
  }

  private List<MountSpec> base(YamlPlace parent, Set<String> via) {
    if (parent.isAbsent()) {
      return List.of();
    }
    if (parent.isText()) {
      return mounts(parent.text(), via);
    }
    if (!parent.at("file").isAbsent()) {
      throw parent.wrong("refers to another file, which is not supported");
    }
    return mounts(parent.at("service").text(), via);
  }

  private List<MountSpec> inherited(YamlPlace place, Set<String> via) {
    String text = place.text();
    if (text.startsWith("container:")) {
      throw place.wrong("refers to a container, and only services are supported: " + text);
    }
    VolumesFrom from = around.specs().volumesFrom(text);
    List<MountSpec> result = new ArrayList<>();
    for (MountSpec mount : mounts(from.id(), via)) {
      result.add(from.readOnly() ? mount.with(mount.access().withReadOnly(true)) : mount);
    }
    return result;
  }

  private DeclaredVolume declared(String key) {
    boolean ofMachines = root.has(VMS) && !ofServices().contains(key);
    return DeclaredVolume.read(key, root.at("volumes").at(key), around, ofMachines);
  }

  /** The volumes that services use, too: they need directories, which a machine can share. */
  private Set<String> ofServices() {
    if (ofServices == null) {
      YamlPlace services = root.at(SERVICES);
      ofServices =
          services.keys().stream()
              .flatMap(service -> services.at(service).at("volumes").items().stream())
              .map(entry -> ServiceVolume.read(entry, around))
              .filter(config -> config.type().equals("volume"))
              .map(MountConfig::source)
              .collect(Collectors.toSet());
    }
    return ofServices;
  }

  private static void addMissing(List<MountSpec> mounts, List<MountSpec> more) {
    Set<String> taken = new HashSet<>();
    mounts.forEach(mount -> taken.add(mount.target()));
    for (MountSpec mount : more) {
      if (taken.add(mount.target())) {
        mounts.add(mount);
      }
    }
  }

  private MountSpec mount(String service, YamlPlace place) {
    MountConfig config = ServiceVolume.read(place, around);
    boolean declared = config.type().equals("volume") && !config.source().isEmpty();
    MountConfig outside = declared ? outside(service, config) : config;
    try {
      return around.specs().structured(outside);
    } catch (InvalidSpec e) {
      throw e.within(place.path());
    }
  }

  /** The mount of a declared volume, with its name and options from the file. */
  private MountConfig outside(String service, MountConfig config) {
    String key = config.source();
    if (!root.at("volumes").has(key)) {
      throw new InvalidSpec(
          "service %s refers to undefined volume %s: invalid compose project"
              .formatted(GoSyntax.quote(service), key));
    }
    DeclaredVolume volume = declared(key);
    VolumePart part = config.volume();
    return config
        .withSource(volume.name())
        .with(
            part == null
                ? new VolumePart(false, "", volume.creation())
                : new VolumePart(
                    part.noCopy(),
                    part.subpath(),
                    volume.creation().withLabelsOf(part.creation())));
  }
}
