package dev.keg.backup.archive.frame;

import java.nio.ByteBuffer;

/**
 * The plain bytes of one frame while they are gathered, and room for what they are packed into.
 * Both lie outside the heap, where zstd can work on them while the collector runs.
 */
public final class FrameBuffer {
  /** The one frame of a small archive needs no more. */
  private static final int SMALL = 1 << 20;

  public final ByteBuffer plain = ByteBuffer.allocateDirect(FrameRef.MAX_LENGTH);
  private ByteBuffer packed = ByteBuffer.allocate(0);

  /** Forgets what was packed, and has room for so many bytes. */
  public ByteBuffer room(int length) {
    if (packed.capacity() < length) {
      packed =
          ByteBuffer.allocateDirect(
              length <= SMALL ? length : Math.max(length, FrameRef.MAX_STORED));
    }
    return packed.clear();
  }

  /** What remains in it is packed. */
  public ByteBuffer packed() {
    return packed;
  }
}
