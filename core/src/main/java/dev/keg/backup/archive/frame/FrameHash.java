package dev.keg.backup.archive.frame;

/** Identifies a frame's content with 128 bits; see {@link FrameKey}. */
public record FrameHash(long high, long low) {}
