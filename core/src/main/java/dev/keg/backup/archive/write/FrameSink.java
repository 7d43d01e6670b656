package dev.keg.backup.archive.write;

import dev.keg.backup.archive.delta.EarlierContent.Piece;
import dev.keg.backup.archive.frame.FrameBuffer;
import dev.keg.backup.archive.index.Totals;
import java.util.List;
import java.util.Optional;

/** Takes the frames of a tar stream in order, with the entries they hold. */
interface FrameSink extends AutoCloseable {
  /** An empty buffer; waits for one. */
  FrameBuffer take();

  /**
   * Takes a frame. If it holds only bytes of one file, so that an equal frame may replace it, then
   * {@code earlier} has the file's earlier content there.
   */
  void frame(FrameBuffer full, Frame frame, Optional<List<Piece>> earlier);

  /**
   * Takes an entry. All of its frames have been submitted, except the last one, which will be
   * before the next entry.
   */
  void entry(PendingEntry entry);

  /** Whether it has enough entries for a page, and needs the last frame now to write it. */
  boolean pageIsDue();

  /** Writes the page, if the format has pages. */
  void page();

  /** Writes the end of the archive, waits, and returns the total number of bytes written. */
  long finish(Totals totals);

  /** Whether writing has failed; then later failures are consequences. */
  boolean isBroken();

  @Override
  void close();
}
