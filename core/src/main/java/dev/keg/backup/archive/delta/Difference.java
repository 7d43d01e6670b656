package dev.keg.backup.archive.delta;

import dev.keg.backup.archive.FrameReader;
import dev.keg.backup.archive.delta.EarlierContent.Piece;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Slice;
import dev.keg.error.BackupException.InvalidArchive;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a part of a file differs from its earlier content: what stays where it is in earlier
 * archives, and what goes into a new frame.
 *
 * <p>An earlier frame is used only if at least half of it is needed, and few are used together. So
 * reading a file never takes more than twice its bytes, nor ever more frames.
 */
public final class Difference {
  /** The unit of comparison: a page, as in most file systems and databases. */
  static final int STEP = 4 << 10;

  /** A shorter gap between changes is written again: each piece costs some bytes of index. */
  static final int LEAST = 16 << 10;

  /**
   * How many earlier frames are used together. Fewer are read faster, but gathering writes the
   * content again, while earlier backups keep the old copy.
   */
  private static final int MOST_FRAMES = 24;

  private static final int MOST_AFTER_GATHERING = 20;

  private final List<Piece> same;
  private final int length;

  private Difference(Collection<Piece> same, int length) {
    this.same = same.stream().sorted(Comparator.comparingInt(Piece::at)).toList();
    this.length = length;
  }

  /** Empty if nothing, or too little, is unchanged. */
  public static Optional<Difference> of(
      ByteBuffer content, List<Piece> before, FrameReader reader) {
    Map<FrameRef, List<Piece>> frames = new LinkedHashMap<>();
    before.forEach(
        piece -> frames.computeIfAbsent(piece.slice().frame(), _ -> new ArrayList<>()).add(piece));
    List<List<Piece>> same = new ArrayList<>();
    List<Piece> moved = List.of();
    for (Map.Entry<FrameRef, List<Piece>> each : frames.entrySet()) {
      FrameRef frame = each.getKey();
      List<Slice> held = held(each.getValue());
      Optional<ByteBuffer> old = read(frame, held, reader);
      if (old.isEmpty()) {
        continue;
      }
      List<Piece> equal = equal(content, old.get(), each.getValue());
      if (isEnough(equal, frame)) {
        same.add(equal);
        continue;
      }
      List<Piece> elsewhere = MovedContent.find(content, old.get(), held);
      if (isEnough(elsewhere, frame) && bytes(elsewhere) > bytes(moved)) {
        moved = elsewhere;
      }
    }
    List<Piece> kept = same.isEmpty() ? moved : mostUsed(same);
    return kept.isEmpty()
        ? Optional.empty()
        : Optional.of(new Difference(kept, content.remaining()));
  }

  private static boolean isEnough(List<Piece> pieces, FrameRef frame) {
    return 2L * bytes(pieces) >= frame.length();
  }

  /**
   * The parts of a frame that the file has, in order and not adjacent. Perhaps no backup needs the
   * others, so that they may be gone at any time.
   */
  private static List<Slice> held(List<Piece> pieces) {
    List<Slice> held = new ArrayList<>();
    pieces.stream()
        .map(Piece::around)
        .sorted(Comparator.comparingInt(Slice::offset))
        .forEach(
            slice -> {
              int begin = slice.offset();
              int end = slice.end();
              if (!held.isEmpty() && begin <= held.getLast().end()) {
                Slice last = held.removeLast();
                begin = last.offset();
                end = Math.max(end, last.end());
              }
              held.add(new Slice(slice.frame(), begin, end - begin));
            });
    return held;
  }

  /** Empty if it is damaged, which does no harm here, since the content is at hand. */
  private static Optional<ByteBuffer> read(FrameRef frame, List<Slice> held, FrameReader reader) {
    BitSet blocks = new BitSet();
    held.forEach(slice -> blocks.or(slice.blocks()));
    try {
      return Optional.of(reader.read(frame, blocks));
    } catch (InvalidArchive _) {
      return Optional.empty();
    }
  }

  /**
   * Gathers many small changes into one frame. A frame stays only if as much of it is used as of
   * all smaller ones, so whatever is written again then lies in a frame of about twice the length:
   * a page of a database that changes every day is not written again every few days.
   */
  private static List<Piece> mostUsed(Collection<List<Piece>> frames) {
    List<List<Piece>> all =
        frames.stream()
            .sorted(Comparator.<List<Piece>>comparingInt(Difference::bytes).reversed())
            .toList();
    int kept = all.size();
    if (kept > MOST_FRAMES) {
      kept = MOST_AFTER_GATHERING;
      while (kept > 0 && bytes(all.get(kept - 1)) < total(all.subList(kept, all.size()))) {
        kept--;
      }
    }
    return all.subList(0, kept).stream().flatMap(List::stream).toList();
  }

  private static int total(List<List<Piece>> frames) {
    return frames.stream().mapToInt(Difference::bytes).sum();
  }

  private static int bytes(List<Piece> pieces) {
    return pieces.stream().mapToInt(piece -> piece.slice().length()).sum();
  }

  /** The parts that are unchanged. */
  private static List<Piece> equal(ByteBuffer content, ByteBuffer before, List<Piece> pieces) {
    List<Piece> equal = new ArrayList<>();
    for (Piece piece : pieces) {
      Slice slice = piece.slice();
      ByteBuffer old = before.slice(slice.offset(), slice.length());
      addEqual(equal, piece, old, content.slice(piece.at(), slice.length()));
    }
    return equal;
  }

  private static void addEqual(List<Piece> equal, Piece piece, ByteBuffer old, ByteBuffer now) {
    int length = piece.slice().length();
    int begin = 0;
    for (int at = 0; at < length; at += STEP) {
      int step = Math.min(STEP, length - at);
      if (!old.slice(at, step).equals(now.slice(at, step))) {
        addRun(equal, piece, begin, at);
        begin = at + step;
      }
    }
    addRun(equal, piece, begin, length);
  }

  private static void addRun(List<Piece> equal, Piece piece, int begin, int end) {
    Slice slice = piece.slice();
    if (end - begin >= LEAST || (end > begin && end - begin == slice.length())) {
      equal.add(
          new Piece(
              piece.at() + begin, new Slice(slice.frame(), slice.offset() + begin, end - begin)));
    }
  }

  /** Leaves in the buffer only what must be written. */
  public void compact(ByteBuffer content) {
    int to = 0;
    int at = 0;
    for (Piece piece : same) {
      content.put(to, content, at, piece.at() - at);
      to += piece.at() - at;
      at = piece.end();
    }
    content.put(to, content, at, length - at);
    content.limit(to + length - at);
  }

  /** The locations of all of the content, in order, once the new part has a frame. */
  public List<Slice> slices(Optional<FrameRef> added) {
    List<Slice> slices = new ArrayList<>();
    int written = 0;
    int at = 0;
    for (Piece piece : same) {
      if (piece.at() > at) {
        slices.add(new Slice(added.orElseThrow(), written, piece.at() - at));
        written += piece.at() - at;
      }
      slices.add(piece.slice());
      at = piece.end();
    }
    if (length > at) {
      slices.add(new Slice(added.orElseThrow(), written, length - at));
    }
    return slices;
  }
}
