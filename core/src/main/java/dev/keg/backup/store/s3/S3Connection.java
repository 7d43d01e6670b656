package dev.keg.backup.store.s3;

import dev.keg.backup.store.Backoff;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.function.Consumer;

/** What a client sends its requests with. */
record S3Connection(
    HttpClient http,
    CredentialSource credentials,
    InstantSource clock,
    Backoff backoff,
    Consumer<String> debug) {}
