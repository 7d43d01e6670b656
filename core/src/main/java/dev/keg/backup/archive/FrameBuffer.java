package dev.keg.backup.archive;

import java.nio.ByteBuffer;

/**
 * The plain bytes of one frame while they are gathered, and room for what they are packed into.
 * Both lie outside the heap, where zstd can work on them while the collector runs.
 */
final class FrameBuffer implements AutoCloseable {
  final ByteBuffer plain = ByteBuffer.allocateDirect(FrameRef.MAX_LENGTH);
  final ByteBuffer packed;
  private final FrameEncoder encoder;

  FrameBuffer(FrameEncoder encoder) {
    this.encoder = encoder;
    packed = ByteBuffer.allocateDirect(encoder.room(FrameRef.MAX_LENGTH));
  }

  void encode() {
    encoder.encode(plain, packed.clear());
    packed.flip();
  }

  @Override
  public void close() {
    encoder.close();
  }
}
