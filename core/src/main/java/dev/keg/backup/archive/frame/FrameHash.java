package dev.keg.backup.archive.frame;

/** What a frame's content is recognised by: 128 bits, see {@link FrameKey}. */
public record FrameHash(long high, long low) {}
