package dev.keg.backup.archive.frame;

import java.nio.ByteBuffer;

/**
 * The plain bytes of one frame while they are gathered, and room for what they are packed into.
 * Both lie outside the heap, where zstd can work on them while the collector runs.
 */
public final class FrameBuffer {
  public final ByteBuffer plain = ByteBuffer.allocateDirect(FrameRef.MAX_LENGTH);
  public final ByteBuffer packed;

  /**
   * @param room for what is packed, at worst
   */
  public FrameBuffer(int room) {
    packed = ByteBuffer.allocateDirect(room);
  }
}
