package dev.keg.backup.archive;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;

/** Makes a zstd frame that stands for itself, with its length in front and a checksum behind. */
final class ZstdEncoder implements FrameEncoder {
  private final ZstdCompressCtx context = new ZstdCompressCtx();

  ZstdEncoder(int level) {
    context.setLevel(level).setChecksum(true).setContentSize(true);
  }

  @Override
  public int room(int plain) {
    return (int) Zstd.compressBound(plain);
  }

  @Override
  public void encode(ByteBuffer plain, ByteBuffer packed) {
    int n =
        context.compressDirectByteBuffer(
            packed,
            packed.position(),
            packed.remaining(),
            plain,
            plain.position(),
            plain.remaining());
    packed.position(packed.position() + n);
  }

  @Override
  public void close() {
    context.close();
  }
}
