package dev.keg.activity;

import java.util.OptionalLong;

/**
 * What a device has done since it appeared.
 *
 * @param busyMillis how long it was busy; empty if that is not counted
 * @param waitedMillis the total duration of all requests, including their time in the queue; empty
 *     if that is not counted
 */
public record Counters(
    long reads,
    long readBytes,
    long writes,
    long writtenBytes,
    OptionalLong busyMillis,
    OptionalLong waitedMillis) {}
