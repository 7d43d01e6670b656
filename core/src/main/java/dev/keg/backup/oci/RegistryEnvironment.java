package dev.keg.backup.oci;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.StoreLimits;
import dev.keg.program.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The environment of a registry's client.
 *
 * @param home the operator's, for {@code .docker} and {@code .config}
 * @param warn receives warnings about parts that were omitted
 * @param insecure whether plain HTTP is allowed for remote hosts
 * @param idle how long a connection may be silent before it counts as broken
 * @param chunk how much of a blob to send at once
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
    Duration idle,
    int chunk) {
  /** The default for how long a connection may be silent. */
  public static final Duration USUAL_IDLE = Duration.ofMinutes(1);

  public static final int USUAL_CHUNK = 8 << 20;

  public RegistryEnvironment {
    variables = Map.copyOf(variables);
  }
}
