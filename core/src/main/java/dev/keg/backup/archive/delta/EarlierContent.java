package dev.keg.backup.archive.delta;

import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The content that a file had in the previous archive, requested from front to end. */
public final class EarlierContent {
  private final List<Placed> placed;
  private final Predicate<FrameRef> usable;
  private int next;

  /** A part of the content, and the position at which a new archive would look for it. */
  public record Placed(long at, Slice slice) {
    long end() {
      return at + slice.length();
    }
  }

  private EarlierContent(Predicate<FrameRef> usable, List<Placed> placed) {
    this.placed = List.copyOf(placed);
    this.usable = usable;
  }

  /**
   * @param usable whether a new archive may refer to a frame
   */
  public EarlierContent(List<Slice> slices, Predicate<FrameRef> usable) {
    this(usable, inOrder(slices));
  }

  private static List<Placed> inOrder(List<Slice> slices) {
    List<Placed> placed = new ArrayList<>();
    long at = 0;
    for (Slice slice : slices) {
      placed.add(new Placed(at, slice));
      at += slice.length();
    }
    return placed;
  }

  /** For a file that has grown or shrunk inside: parts in order, possibly with gaps. */
  public static EarlierContent of(List<Placed> placed, Predicate<FrameRef> usable) {
    return new EarlierContent(usable, placed);
  }

  /** For a new file. */
  public static EarlierContent none() {
    return new EarlierContent(List.of(), _ -> false);
  }

  /**
   * A part of the content, and its distance from the requested offset.
   *
   * @param around the part of the frame that the file has, there and beside it
   */
  public record Piece(int at, Slice slice, Slice around) {
    public Piece(int at, Slice slice) {
      this(at, slice, slice);
    }

    int end() {
      return at + slice.length();
    }
  }

  /** The content of this many stored bytes from an offset, which never decreases between calls. */
  public List<Piece> pieces(long from, int length) {
    while (next < placed.size() && placed.get(next).end() <= from) {
      next++;
    }
    List<Piece> pieces = new ArrayList<>();
    for (int i = next; i < placed.size() && placed.get(i).at() < from + length; i++) {
      long at = placed.get(i).at();
      Slice slice = placed.get(i).slice();
      long begin = Math.max(at, from);
      long end = Math.min(at + slice.length(), from + length);
      if (usable.test(slice.frame())) {
        int offset = slice.offset() + (int) (begin - at);
        Slice part = new Slice(slice.frame(), offset, (int) (end - begin));
        pieces.add(new Piece((int) (begin - from), part, slice));
      }
    }
    return pieces;
  }
}
