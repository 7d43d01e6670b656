package dev.keg.backup.store.ssh;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.StoreLimits;
import dev.keg.program.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The environment of an ssh store.
 *
 * @param temporary a directory for the connection's socket
 * @param idle how long the other machine may be silent within a transfer
 */
public record SshEnvironment(
    Programs programs,
    Path temporary,
    Backoff backoff,
    StoreLimits limits,
    Duration idle,
    RandomGenerator random) {
  public static final Duration USUAL_IDLE = Duration.ofMinutes(1);
}
