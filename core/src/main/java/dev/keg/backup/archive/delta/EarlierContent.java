package dev.keg.backup.archive.delta;

import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The content that a file had in the archive before, asked for from front to end. */
public final class EarlierContent {
  private final List<Slice> slices;
  private final Predicate<FrameRef> usable;
  private int next;
  private long start;

  /**
   * @param usable whether a new archive may refer to a frame
   */
  public EarlierContent(List<Slice> slices, Predicate<FrameRef> usable) {
    this.slices = List.copyOf(slices);
    this.usable = usable;
  }

  /** Of a file that is new. */
  public static EarlierContent none() {
    return new EarlierContent(List.of(), _ -> false);
  }

  /** A part of the content, and so many bytes after the place that was asked for. */
  public record Piece(int at, Slice slice) {
    int end() {
      return at + slice.length();
    }
  }

  /** What there was in so many stored bytes from that place on, which lies behind all before. */
  public List<Piece> pieces(long from, int length) {
    while (next < slices.size() && start + slices.get(next).length() <= from) {
      start += slices.get(next).length();
      next++;
    }
    List<Piece> pieces = new ArrayList<>();
    long at = start;
    for (int i = next; i < slices.size() && at < from + length; i++) {
      Slice slice = slices.get(i);
      long begin = Math.max(at, from);
      long end = Math.min(at + slice.length(), from + length);
      if (usable.test(slice.frame())) {
        int offset = slice.offset() + (int) (begin - at);
        Slice part = new Slice(slice.frame(), offset, (int) (end - begin));
        pieces.add(new Piece((int) (begin - from), part));
      }
      at += slice.length();
    }
    return pieces;
  }
}
