package dev.keg.moving;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.Programs;
import dev.keg.file.Throttle;
import java.io.OutputStream;

/**
 * What a move is given of the world.
 *
 * @param upload how fast content may be sent
 * @param remote how Keg is called on the other host
 * @param host what the other host calls this one
 * @param output where what the operator's commands print goes
 */
public record MoveTools(
    Programs programs,
    Backoff backoff,
    Throttle upload,
    String remote,
    String host,
    OutputStream output) {}
