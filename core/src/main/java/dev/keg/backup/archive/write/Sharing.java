package dev.keg.backup.archive.write;

import dev.keg.backup.archive.frame.FrameKey;

/**
 * That an archive shares what it can with the others of its repository: it is of version 2.
 *
 * @param key of the hashes by which content is recognised
 * @param known the content that may be referred to, under the same key
 */
public record Sharing(FrameKey key, KnownContent known) {}
