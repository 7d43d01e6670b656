package dev.keg.driver;

import dev.keg.driver.OptionDescriptor.Reach;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Describes a driver and opens it.
 *
 * @param name what {@code --driver} takes
 * @param summary one line for {@code keg drivers}
 * @param options in the order in which they are shown; other keys are refused
 * @param constructor called at most once per command
 * @param obstacle why the driver cannot work on this machine; called before the constructor, must
 *     be cheap
 * @param lack what the machine lacks now but may get before a volume is mounted, such as a kernel
 *     module; only reported
 */
public record DriverFactory(
    String name,
    String summary,
    List<OptionDescriptor> options,
    Function<DriverContext, VolumeDriver> constructor,
    Supplier<Optional<String>> obstacle,
    Supplier<Optional<String>> lack) {
  public DriverFactory {
    options = List.copyOf(options);
  }

  /** A driver that works on every machine. */
  public DriverFactory(
      String name,
      String summary,
      List<OptionDescriptor> options,
      Function<DriverContext, VolumeDriver> constructor) {
    this(name, summary, options, constructor, Optional::empty, Optional::empty);
  }

  /** The same driver, unavailable while there is an obstacle. */
  public DriverFactory unless(Supplier<Optional<String>> obstacle) {
    return new DriverFactory(name, summary, options, constructor, obstacle, lack);
  }

  /** The same driver, which cannot mount anything while the machine lacks something. */
  public DriverFactory lacking(Supplier<Optional<String>> lack) {
    return new DriverFactory(name, summary, options, constructor, obstacle, lack);
  }

  /** Whether the driver passes on options that it does not know. */
  public boolean takesAnyOption() {
    return options.stream().anyMatch(OptionDescriptor::isAny);
  }

  /** What the value of an option refers to; an undescribed one may refer to anything. */
  public Reach reach(String key) {
    return options.stream()
        .filter(option -> option.key().equals(key))
        .map(OptionDescriptor::reach)
        .findFirst()
        .orElse(Reach.ANYTHING);
  }

  /** Why a volume of the driver cannot currently be mounted on this machine. */
  public Optional<String> unmountable() {
    return unavailable().or(lack);
  }

  /** Why the driver cannot work on this machine. */
  public Optional<String> unavailable() {
    return obstacle.get();
  }

  public VolumeDriver open(DriverContext context) {
    return constructor.apply(context);
  }
}
