package dev.keg.backup.archive.delta;

import dev.keg.backup.archive.delta.EarlierContent.Piece;
import dev.keg.backup.archive.index.Slice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the parts of an earlier frame that moved because bytes were inserted or removed before
 * them. A few bytes of the content are searched in the frame, and the equal bytes around them form
 * a piece; then the same is done before and after it. The last bytes of a part are tried first,
 * because a frame's end is determined by its content and so stays the same; then those in the
 * middle, and the first ones.
 */
final class MovedContent {
  private static final int PROBE = 32;

  /** Limited, since each probe may scan the whole frame. */
  private static final int MOST_PROBES = 16;

  private final ByteBuffer content;
  private final ByteBuffer before;
  private final List<Slice> held;
  private final List<Piece> pieces = new ArrayList<>();
  private int probes;

  private MovedContent(ByteBuffer content, ByteBuffer before, List<Slice> held) {
    this.content = content;
    this.before = before;
    this.held = held;
  }

  /**
   * @param held the parts of the frame to search
   */
  static List<Piece> find(ByteBuffer content, ByteBuffer before, List<Slice> held) {
    MovedContent moved = new MovedContent(content, before, held);
    moved.find(0, content.limit());
    return List.copyOf(moved.pieces);
  }

  private void find(int from, int to) {
    if (to - from < Difference.LEAST) {
      return;
    }
    for (int probe : new int[] {to - PROBE, from + (to - from) / 2, from}) {
      if (probes++ < MOST_PROBES && isFound(probe, from, to)) {
        return;
      }
    }
  }

  private boolean isFound(int probe, int from, int to) {
    for (Slice part : held) {
      int at = indexOf(probe, part);
      if (at < 0) {
        continue;
      }
      int back = equalBefore(probe, at, Math.min(probe - from, at - part.offset()));
      int length = back + equalFrom(probe, at, Math.min(to - probe, part.end() - at));
      if (length >= Difference.LEAST) {
        pieces.add(new Piece(probe - back, new Slice(part.frame(), at - back, length)));
        find(from, probe - back);
        find(probe - back + length, to);
        return true;
      }
    }
    return false;
  }

  /**
   * Where a part of the frame first contains the bytes at this position of the content, or -1. By
   * Boyer, Moore and Horspool: the byte at the end of a position tells how far the next one is.
   * Allocates nothing per position: among many zeros, many positions match at first.
   */
  private int indexOf(int probe, Slice part) {
    ByteBuffer wanted = content.slice(probe, PROBE).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer earlier = before.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int[] steps = new int[256];
    Arrays.fill(steps, PROBE);
    for (int i = 0; i < PROBE - 1; i++) {
      steps[wanted.get(i) & 0xFF] = PROBE - 1 - i;
    }
    byte end = wanted.get(PROBE - 1);
    int last = part.end() - PROBE;
    for (int at = part.offset(); at <= last; ) {
      byte there = earlier.get(at + PROBE - 1);
      if (there == end && isAt(at, earlier, wanted)) {
        return at;
      }
      at += steps[there & 0xFF];
    }
    return -1;
  }

  private static boolean isAt(int at, ByteBuffer earlier, ByteBuffer wanted) {
    return earlier.getLong(at) == wanted.getLong(0)
        && earlier.getLong(at + 8) == wanted.getLong(8)
        && earlier.getLong(at + 16) == wanted.getLong(16)
        && earlier.getLong(at + 24) == wanted.getLong(24);
  }

  /** How many bytes are equal from these positions on. */
  private int equalFrom(int probe, int at, int most) {
    int first = content.slice(probe, most).mismatch(before.slice(at, most));
    return first < 0 ? most : first;
  }

  /** How many bytes are equal before these positions, at least. */
  private int equalBefore(int probe, int at, int most) {
    int equal = 0;
    while (equal < most) {
      int step = Math.min(Difference.STEP, most - equal);
      int back = equal + step;
      if (!content.slice(probe - back, step).equals(before.slice(at - back, step))) {
        return equal;
      }
      equal = back;
    }
    return equal;
  }
}
