package dev.keg.backup.repository.rest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/** Ranges of an object, in order and not adjacent. */
public final class ByteRanges {
  public static final ByteRanges NONE = new ByteRanges(List.of());

  private static final Comparator<Range> BY_OFFSET = Comparator.comparingLong(Range::offset);

  /** A range of an object. */
  public record Range(long offset, long length) {
    public Range {
      if (offset < 0 || length <= 0 || offset > Long.MAX_VALUE - length) {
        throw new IllegalArgumentException("%d bytes from %d".formatted(length, offset));
      }
    }

    public long end() {
      return offset + length;
    }
  }

  private final List<Range> list;

  /** The number of bytes in the ranges before each. */
  private final long[] before;

  private final long length;

  private ByteRanges(List<Range> list) {
    this.list = List.copyOf(list);
    before = new long[list.size()];
    long sum = 0;
    for (int i = 0; i < before.length; i++) {
      before[i] = sum;
      sum = Math.addExact(sum, list.get(i).length());
    }
    length = sum;
  }

  /** The union of these ranges, in any order. */
  public static ByteRanges of(List<Range> parts) {
    List<Range> merged = new ArrayList<>();
    for (Range part : parts.stream().sorted(BY_OFFSET).toList()) {
      if (!merged.isEmpty() && part.offset() <= merged.getLast().end()) {
        Range last = merged.removeLast();
        long end = Math.max(last.end(), part.end());
        merged.add(new Range(last.offset(), end - last.offset()));
      } else {
        merged.add(part);
      }
    }
    return new ByteRanges(merged);
  }

  public List<Range> list() {
    return list;
  }

  /** Their total length. */
  public long length() {
    return length;
  }

  /**
   * How many bytes of the ranges come before these bytes, if a single range contains all of them.
   */
  public OptionalLong position(long offset, long count) {
    int found = Collections.binarySearch(list, new Range(offset, 1), BY_OFFSET);
    int at = found >= 0 ? found : -found - 2;
    if (at < 0 || offset + count > list.get(at).end()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(before[at] + offset - list.get(at).offset());
  }

  public boolean containsAll(ByteRanges others) {
    return others.list.stream()
        .allMatch(part -> position(part.offset(), part.length()).isPresent());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteRanges ranges && list.equals(ranges.list);
  }

  @Override
  public int hashCode() {
    return list.hashCode();
  }

  @Override
  public String toString() {
    return list.toString();
  }
}
