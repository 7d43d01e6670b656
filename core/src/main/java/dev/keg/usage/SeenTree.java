package dev.keg.usage;

import java.time.Instant;

/**
 * A tree that was measured.
 *
 * @param state as {@link TreeScan#state} had it before
 * @param at when it was measured
 */
public record SeenTree(String state, Instant at, TreeUsage usage) {}
