package dev.keg.backup.archive.index;

import dev.keg.backup.archive.frame.FrameRef;
import java.util.BitSet;

/** A part of a frame's plain bytes. */
public record Slice(FrameRef frame, int offset, int length) {
  public Slice {
    if (offset < 0 || length <= 0 || length > frame.length() - offset) {
      throw new IllegalArgumentException(
          "%d bytes at %d of a frame of %d".formatted(length, offset, frame.length()));
    }
  }

  public int end() {
    return offset + length;
  }

  /** The blocks of the frame that have some of it. */
  public BitSet blocks() {
    return Thinned.blocks(offset, length);
  }

  public boolean isWholeFrame() {
    return length == frame.length();
  }
}
