package dev.keg.driver;

import dev.keg.error.DriverException.DriverUnavailable;
import dev.keg.error.DriverException.UnknownDriver;
import dev.keg.volume.Volume;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The drivers of this installation, by name. Opens each at most once. */
public final class Drivers {
  private final SortedMap<String, DriverFactory> factories = new TreeMap<>();
  private final Map<String, VolumeDriver> opened = new ConcurrentHashMap<>();
  private final DriverContext context;

  public Drivers(Iterable<DriverFactory> factories, DriverContext context) {
    factories.forEach(
        factory -> this.factories.merge(factory.name(), factory, Drivers::theOneForHere));
    this.context = context;
  }

  /** Linux and Windows may have a driver of the same name; only one of them can work here. */
  private static DriverFactory theOneForHere(DriverFactory one, DriverFactory other) {
    return one.unavailable().isPresent() ? other : one;
  }

  /** Every driver, available here or not, by name. */
  public Collection<DriverFactory> all() {
    return Collections.unmodifiableCollection(factories.values());
  }

  public Optional<DriverFactory> factory(String name) {
    return Optional.ofNullable(factories.get(name));
  }

  /** The driver, ready to work; the operation and the volume are for the error message. */
  public VolumeDriver open(String name, String operation, String volume) {
    DriverFactory factory =
        factory(name).orElseThrow(() -> new UnknownDriver(operation, volume, name));
    Optional<String> reason = factory.unavailable();
    if (reason.isPresent()) {
      throw new DriverUnavailable(operation, volume, name, reason.get());
    }
    return opened.computeIfAbsent(name, _ -> factory.open(context));
  }

  /** The options of an existing volume; they were checked when it was made. */
  public DriverOptions options(Volume volume) {
    return factory(volume.driver())
        .map(factory -> DriverOptions.of(volume.name(), volume.options(), factory.options()))
        .orElseThrow(() -> new UnknownDriver("get", volume.name().text(), volume.driver()));
  }
}
