package dev.keg.backup.archive;

import dev.keg.backup.archive.FramePrefetch.Plain;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** The plain bytes of frames in sequence; throws the error of a damaged one. */
final class FrameStream extends InputStream {
  private final FramePrefetch frames;
  private final Consumer<Plain> observer;
  private ByteBuffer current = ByteBuffer.allocate(0);

  FrameStream(FramePrefetch frames, Consumer<Plain> observer) {
    this.frames = frames;
    this.observer = observer;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    while (!current.hasRemaining()) {
      Optional<Plain> next = frames.next();
      if (next.isEmpty()) {
        return -1;
      }
      observer.accept(next.get());
      next.get()
          .damage()
          .ifPresent(
              damage -> {
                throw damage;
              });
      current = next.get().bytes();
    }
    int n = Math.min(length, current.remaining());
    current.get(bytes, offset, n);
    return n;
  }
}
