package dev.keg.driver;

import dev.keg.driver.OptionDescriptor.Reach;
import dev.keg.error.DriverException.DriverUnavailable;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.DriverException.UnknownDriver;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Volume;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The drivers of this installation, by name. Opens each at most once. */
public final class Drivers {
  /** Keys of unknown options whose values count as secret. */
  private static final Pattern SECRET =
      Pattern.compile("pass|secret|token|credential|private|access.?key", Pattern.CASE_INSENSITIVE);

  private final Iterable<DriverFactory> factories;
  private final VolumePlugins plugins;
  private final DriverContext context;
  private final Map<String, DriverFactory> found = new ConcurrentHashMap<>();
  private final Map<String, VolumeDriver> opened = new ConcurrentHashMap<>();

  /**
   * If two factories have the same name, the first one wins. Iterates no further than necessary.
   */
  public Drivers(Iterable<DriverFactory> factories, DriverContext context) {
    this(factories, VolumePlugins.NONE, context);
  }

  /** The same; a name that no factory has may be that of a plugin. */
  public Drivers(Iterable<DriverFactory> factories, VolumePlugins plugins, DriverContext context) {
    this.factories = factories;
    this.plugins = plugins;
    this.context = context;
  }

  /** Every driver, available here or not, by name. */
  public Collection<DriverFactory> all() {
    SortedMap<String, DriverFactory> all = new TreeMap<>();
    factories.forEach(factory -> all.putIfAbsent(factory.name(), factory));
    return all.values();
  }

  public Optional<DriverFactory> factory(String name) {
    DriverFactory known = found.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    for (DriverFactory factory : factories) {
      if (factory.name().equals(name)) {
        found.put(name, factory);
        return Optional.of(factory);
      }
    }
    Optional<DriverFactory> plugin = plugins.find(name);
    plugin.ifPresent(factory -> found.put(name, factory));
    return plugin;
  }

  /** The plugins of this machine. */
  public VolumePlugins plugins() {
    return plugins;
  }

  /** The driver, ready to use; the operation and the volume are for the error message. */
  public VolumeDriver open(String name, String operation, String volume) {
    DriverFactory factory = factory(name).orElseThrow(() -> unknown(operation, volume, name));
    Optional<String> reason = factory.unavailable();
    if (reason.isPresent()) {
      throw new DriverUnavailable(operation, volume, name, reason.get());
    }
    return opened.computeIfAbsent(name, _ -> factory.open(context));
  }

  /** The options of a volume with asterisks for secrets, as they are shown. */
  public Options masked(Volume volume) {
    Optional<DriverFactory> factory = factory(volume.driver());
    boolean unknown = factory.isEmpty() || factory.get().takesAnyOption();
    return volume
        .options()
        .masked(
            volume.options().map().keySet().stream()
                .filter(
                    key ->
                        (unknown && SECRET.matcher(key).find())
                            || factory.stream()
                                .flatMap(known -> known.options().stream())
                                .anyMatch(option -> option.secret() && option.key().equals(key)))
                .toList());
  }

  /** Whether the driver has an option of this name. */
  public boolean takes(String driver, String option) {
    return factory(driver).stream()
        .flatMap(factory -> factory.options().stream())
        .anyMatch(descriptor -> descriptor.describes(option));
  }

  /** The keys of the options of all drivers. */
  public Set<String> optionsOfAll() {
    return all().stream()
        .flatMap(factory -> factory.options().stream())
        .map(OptionDescriptor::key)
        .collect(Collectors.toSet());
  }

  /**
   * The options of a copy whose data is in the copy's own home: without those that give the
   * location of the original's data.
   */
  public Options withoutPlace(Volume volume) {
    SortedMap<String, String> kept = new TreeMap<>(volume.options().map());
    factory(volume.driver()).stream()
        .flatMap(factory -> factory.options().stream())
        .filter(option -> option.reach().mayBePlace())
        .forEach(option -> kept.keySet().removeIf(option::describes));
    return new Options(kept);
  }

  /**
   * Whether a volume that another host defined may be mounted here: its data is on a server and no
   * option may refer to a file of this machine, or nothing that refers outside the volume has
   * changed since it was accepted.
   */
  public boolean isAcceptable(Volume volume, Optional<Volume> accepted) {
    return isOnServerOnly(volume)
        || accepted.filter(before -> outside(before).equals(outside(volume))).isPresent();
  }

  /** The driver, and the options that refer to anything outside of the volume. */
  private Volume outside(Volume volume) {
    SortedMap<String, String> options = new TreeMap<>(volume.options().map());
    factory(volume.driver())
        .ifPresent(factory -> options.keySet().removeIf(key -> factory.reach(key) == Reach.VOLUME));
    return new Volume(
        volume.name(), volume.driver(), new Options(options), Labels.NONE, Instant.EPOCH);
  }

  // Nobody mounts a volume whose driver does not work here.
  private boolean isOnServerOnly(Volume volume) {
    return factory(volume.driver())
        .filter(
            factory ->
                volume.options().map().keySet().stream()
                    .map(factory::reach)
                    .noneMatch(reach -> reach == Reach.HOST || reach == Reach.ANYTHING))
        .filter(
            factory ->
                factory.unavailable().isPresent()
                    || open(factory.name(), "get", volume.name().text()).isOnServer(volume))
        .isPresent();
  }

  /**
   * The capabilities of a driver beyond creating and mounting, in words.
   *
   * @param here what the system supports for mounts of all drivers
   */
  public List<String> capabilities(DriverFactory factory, Set<MountPower> here) {
    return factory.unavailable().isPresent()
        ? List.of()
        : Capabilities.of(factory, open(factory.name(), "drivers", factory.name()), here);
  }

  /** What a server offers to a driver. */
  public List<Discovers.Offer> discover(String driver, String host) {
    if (open(driver, "discover", host) instanceof Discovers discovering) {
      return discovering.discover(host);
    }
    throw new NotSupported(
        "discover", host, "driver '%s' cannot list what a server offers".formatted(driver));
  }

  /** The options of an existing volume, which were checked when it was created. */
  public DriverOptions options(Volume volume) {
    return factory(volume.driver())
        .map(factory -> DriverOptions.of(volume.name(), volume.options(), factory.options()))
        .orElseThrow(() -> unknown("get", volume.name().text(), volume.driver()));
  }

  /** The options of a volume that is being created; also refuses options without a value. */
  public DriverOptions newOptions(Volume volume) {
    DriverOptions options = options(volume);
    return factory(volume.driver())
        .map(factory -> options.requireValues(factory.options()))
        .orElse(options);
  }

  /** The error for an operation that needs a driver of this name. */
  public UnknownDriver unknown(String operation, String volume, String driver) {
    return new UnknownDriver(operation, volume, driver, all().stream().map(DriverFactory::name));
  }
}
