package dev.keg.backup.archive.write;

import dev.keg.backup.archive.delta.EarlierContent.Piece;
import dev.keg.backup.archive.frame.FrameBuffer;
import dev.keg.backup.archive.index.Totals;
import java.util.List;
import java.util.Optional;

/** Takes the frames of a tar stream in order, and the entries they hold. */
interface FrameSink extends AutoCloseable {
  /** An empty buffer; waits for one. */
  FrameBuffer take();

  /**
   * Takes a frame. If it holds nothing but bytes of one file, so that an equal one may stand for
   * it, then {@code earlier} says what the file had there before.
   */
  void frame(FrameBuffer full, Frame frame, Optional<List<Piece>> earlier);

  /** Takes an entry whose frames were given or, all but the last, will be before the next entry. */
  void entry(PendingEntry entry);

  /** Whether it has entries enough for a page, and wants the last frame now to write it. */
  boolean pageIsDue();

  /** Writes the page, if there are pages. */
  void page();

  /** Writes what ends the archive, waits, and says how many bytes were written in all. */
  long finish(Totals totals);

  /** Whether nothing can be written any more; what fails then does so for that reason. */
  boolean isBroken();

  @Override
  void close();
}
