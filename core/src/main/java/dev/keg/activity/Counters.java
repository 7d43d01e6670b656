package dev.keg.activity;

import java.util.OptionalLong;

/**
 * What a device has done since it appeared.
 *
 * @param busyMillis how long it had something to do; empty if nobody counts that
 * @param waitedMillis how long all requests together waited and were worked on; empty likewise
 */
public record Counters(
    long reads,
    long readBytes,
    long writes,
    long writtenBytes,
    OptionalLong busyMillis,
    OptionalLong waitedMillis) {}
