package dev.keg.backup.store.s3;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.StoreLimits;
import dev.keg.program.Programs;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The environment of a bucket's client.
 *
 * @param home the operator's, for {@code .aws}
 */
public record S3Environment(
    Map<String, String> variables,
    Path home,
    Programs programs,
    InstantSource clock,
    Backoff backoff,
    StoreLimits limits,
    Consumer<String> debug) {
  public S3Environment {
    variables = Map.copyOf(variables);
  }
}
