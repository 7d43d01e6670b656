package dev.keg.usage;

import java.time.Instant;

/**
 * A tree that was measured.
 *
 * @param state its {@link TreeScan#state} before the measurement
 * @param at when it was measured
 */
public record SeenTree(String state, Instant at, TreeUsage usage) {}
