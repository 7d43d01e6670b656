package dev.keg.backup.archive.write;

import dev.keg.backup.archive.delta.KnownContent;
import dev.keg.backup.archive.frame.FrameKey;
import java.util.Optional;

/**
 * How an archive of version 2 shares content with others in its repository.
 *
 * @param key the key of the content hashes
 * @param known the content that may be referred to, hashed with the same key
 * @param segments the objects to write to; empty for a single object of any length
 */
public record ContentSharing(FrameKey key, KnownContent known, Optional<Segments> segments) {
  /**
   * Objects of bounded length, written one after another. Each but the last is a complete archive
   * of the files before its end, so that it is useful even if the last never comes.
   */
  public interface Segments {
    /** The rough length of an object; the frame that reaches it ends the object. */
    long length();

    /**
     * Ends the current object and begins the next; called on the writing thread.
     *
     * @return the name of the object that ended
     */
    String next();
  }

  public ContentSharing(FrameKey key, KnownContent known) {
    this(key, known, Optional.empty());
  }

  /** The same in objects of bounded length. */
  public ContentSharing in(Segments objects) {
    return new ContentSharing(key, known, Optional.of(objects));
  }
}
