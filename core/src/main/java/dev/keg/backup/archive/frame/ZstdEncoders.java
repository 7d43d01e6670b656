package dev.keg.backup.archive.frame;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Encoders have tables of their own: there are as many as threads that pack, not as buffers. */
public final class ZstdEncoders implements AutoCloseable {
  private final int level;
  private final Queue<ZstdEncoder> idle = new ConcurrentLinkedQueue<>();

  public ZstdEncoders(int level) {
    this.level = level;
  }

  /** Packs all that remains; the plain bytes stay readable. On any thread. */
  public void encode(FrameBuffer buffer) {
    ZstdEncoder used = idle.poll();
    ZstdEncoder encoder = used == null ? new ZstdEncoder(level) : used;
    try {
      encoder.encode(buffer);
    } finally {
      idle.add(encoder);
    }
  }

  /** Once no thread packs any more. */
  @Override
  public void close() {
    idle.forEach(ZstdEncoder::close);
  }
}
