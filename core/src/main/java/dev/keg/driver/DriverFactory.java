package dev.keg.driver;

import java.util.List;
import java.util.Optional;

/**
 * A driver as it is found by {@link java.util.ServiceLoader}: what it is called, takes and needs.
 */
public interface DriverFactory {
  /** The name that {@code --driver} takes. */
  String name();

  /** One line for {@code keg drivers}. */
  String summary();

  /** The options in the order in which they are shown; a key that is not here is refused. */
  List<OptionDescriptor> options();

  /** Why the driver cannot work on this machine; asked before {@link #open}, and cheap. */
  Optional<String> unavailable();

  VolumeDriver open(DriverContext context);
}
