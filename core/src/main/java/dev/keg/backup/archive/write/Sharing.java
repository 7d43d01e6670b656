package dev.keg.backup.archive.write;

import dev.keg.backup.archive.delta.KnownContent;
import dev.keg.backup.archive.frame.FrameKey;
import java.util.Optional;

/**
 * That an archive shares what it can with the others of its repository: it is of version 2.
 *
 * @param key of the hashes by which content is recognised
 * @param known the content that may be referred to, under the same key
 * @param segments what it is written to, unless it is one object however long it becomes
 */
public record Sharing(FrameKey key, KnownContent known, Optional<Segments> segments) {
  /**
   * Objects of bounded length, one after the other, that an archive is written to. Each but the
   * last is an archive of all files before its end, so that what was written is of use if the last
   * never comes.
   */
  public interface Segments {
    /** How long one becomes, roughly; then the frame that is written ends it. */
    long length();

    /**
     * Ends the object that is written to, and begins the next; on the writing thread.
     *
     * @return the name of the one that has ended
     */
    String next();
  }

  public Sharing(FrameKey key, KnownContent known) {
    this(key, known, Optional.empty());
  }

  /** The same in objects of bounded length. */
  public Sharing in(Segments objects) {
    return new Sharing(key, known, Optional.of(objects));
  }
}
