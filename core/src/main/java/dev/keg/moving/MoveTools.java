package dev.keg.moving;

import dev.keg.backup.store.Backoff;
import dev.keg.file.Throttle;
import dev.keg.program.Programs;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * The environment of a move.
 *
 * @param patience how long the other host may be silent
 * @param upload limits the rate of sent content
 * @param remote the operator's command line of Keg on the other host, if any
 * @param host the name of this host on the other one
 * @param output receives the output of the operator's commands
 */
public record MoveTools(
    Programs programs,
    Backoff backoff,
    Duration patience,
    Throttle upload,
    Optional<String> remote,
    String host,
    OutputStream output) {
  /** The same time for which ssh itself waits. */
  public static final Duration PATIENCE = Duration.ofMinutes(1);
}
