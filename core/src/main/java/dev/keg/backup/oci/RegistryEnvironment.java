package dev.keg.backup.oci;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.Programs;
import dev.keg.backup.store.StoreLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a registry's client is given of the world.
 *
 * @param home the operator's, for {@code .docker} and {@code .config}
 * @param warn hears of what is missing from what was done
 * @param insecure whether plain HTTP may be spoken with a host elsewhere
 * @param idle how long a connection may be silent before it counts as broken
 */
public record RegistryEnvironment(
    Map<String, String> variables,
    Path home,
    Programs programs,
    Backoff backoff,
    StoreLimits limits,
    Consumer<String> warn,
    Consumer<String> debug,
    boolean insecure,
    Duration idle) {
  /** How long a connection is usually waited for. */
  public static final Duration USUAL_IDLE = Duration.ofMinutes(1);

  public RegistryEnvironment {
    variables = Map.copyOf(variables);
  }
}
