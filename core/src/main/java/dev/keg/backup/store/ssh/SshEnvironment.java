package dev.keg.backup.store.ssh;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.Programs;
import dev.keg.backup.store.StoreLimits;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * The environment of an ssh store.
 *
 * @param temporary a directory for the connection's socket
 */
public record SshEnvironment(
    Programs programs,
    Path temporary,
    Backoff backoff,
    StoreLimits limits,
    RandomGenerator random) {}
