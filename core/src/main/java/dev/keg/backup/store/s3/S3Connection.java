package dev.keg.backup.store.s3;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.StoreLimits;
import dev.keg.backup.store.s3.signing.Credentials.Source;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * How a client sends its requests.
 *
 * @param attempts how often to send a request to a store that was reached and does not answer
 * @param idle how long a connection may be silent before it counts as broken
 */
record S3Connection(
    HttpClient http,
    Source credentials,
    InstantSource clock,
    Backoff backoff,
    int attempts,
    Duration idle,
    StoreLimits limits,
    Consumer<String> debug) {}
