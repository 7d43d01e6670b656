package dev.keg.moving;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.Programs;
import dev.keg.file.Throttle;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * What a move is given of the world.
 *
 * @param patience how long the other host may do nothing at all
 * @param upload how fast content may be sent
 * @param remote how Keg is called on the other host, if the operator says so
 * @param host what the other host calls this one
 * @param output where what the operator's commands print goes
 */
public record MoveTools(
    Programs programs,
    Backoff backoff,
    Duration patience,
    Throttle upload,
    Optional<String> remote,
    String host,
    OutputStream output) {
  /** As long as ssh waits for the other host itself. */
  public static final Duration PATIENCE = Duration.ofMinutes(1);
}
