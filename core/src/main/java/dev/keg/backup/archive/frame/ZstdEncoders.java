package dev.keg.backup.archive.frame;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One encoder for each thread that packs, not for each buffer, since each has its own tables. */
public final class ZstdEncoders implements AutoCloseable {
  private final int level;
  private final Queue<ZstdEncoder> idle = new ConcurrentLinkedQueue<>();

  public ZstdEncoders(int level) {
    this.level = level;
  }

  /** Packs all that remains; the plain bytes stay readable. Thread-safe. */
  public void encode(FrameBuffer buffer) {
    ZstdEncoder used = idle.poll();
    ZstdEncoder encoder = used == null ? new ZstdEncoder(level) : used;
    try {
      encoder.encode(buffer);
    } finally {
      idle.add(encoder);
    }
  }

  /** Call this once no thread packs any more. */
  @Override
  public void close() {
    idle.forEach(ZstdEncoder::close);
  }
}
