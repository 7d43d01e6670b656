package dev.keg.backup.archive.frame;

import dev.keg.tree.ByteString;
import java.nio.ByteBuffer;

/** Identifies a frame's content with 128 bits; see {@link FrameKey}. */
public record FrameHash(long high, long low) {
  /** Reads {@link #bytes}. */
  public static FrameHash of(ByteString bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes.toArray());
    return new FrameHash(buffer.getLong(), buffer.getLong());
  }

  /** The same as 16 bytes. */
  public ByteString bytes() {
    return ByteString.of(ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array());
  }
}
