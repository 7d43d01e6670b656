package dev.keg.backup.archive.frame;

import java.nio.ByteBuffer;

/**
 * The plain bytes of one frame while they are gathered, and space for the compressed ones. Both are
 * outside the heap, where zstd can use them while the collector runs.
 */
public final class FrameBuffer {
  /** Enough for the only frame of a small archive. */
  private static final int SMALL = 1 << 20;

  public final ByteBuffer plain = ByteBuffer.allocateDirect(FrameRef.MAX_LENGTH);
  private ByteBuffer packed = ByteBuffer.allocate(0);

  /** Discards the packed bytes and makes room for this many. */
  public ByteBuffer room(int length) {
    if (packed.capacity() < length) {
      packed =
          ByteBuffer.allocateDirect(
              length <= SMALL ? length : Math.max(length, FrameRef.MAX_STORED));
    }
    return packed.clear();
  }

  /** The packed bytes, which remain in the buffer. */
  public ByteBuffer packed() {
    return packed;
  }
}
