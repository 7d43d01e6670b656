package dev.keg.backup.archive;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.error.BackupException.InvalidArchive;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads frames and checks them. For one thread. */
public final class FrameReader implements AutoCloseable {
  private final ArchiveSources sources;
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private ByteBuffer packed = ByteBuffer.allocate(0);
  private ByteBuffer plain = ByteBuffer.allocate(0);
  private @Nullable FrameRef last;

  public FrameReader(ArchiveSources sources) {
    this.sources = sources;
  }

  /** The plain bytes of the frame; they hold until the next call for another. */
  public ByteBuffer read(FrameRef frame) {
    if (isAt(frame)) {
      return plain.duplicate();
    }
    last = null;
    RangeSource source = sources.source(frame.object());
    if (frame.end() > source.length()) {
      throw damaged(frame, "the file ends before it");
    }
    packed = room(packed, frame.stored());
    source.read(frame.offset(), packed);
    if (!isSound(frame)
        && !(source.readAgain(frame.offset(), packed.clear().limit(frame.stored()))
            && isSound(frame))) {
      throw damaged(frame, "its checksum is wrong");
    }
    plain = room(plain, frame.length());
    try {
      int n =
          context.decompressDirectByteBuffer(plain, 0, frame.length(), packed, 0, frame.stored());
      if (n != frame.length()) {
        throw damaged(frame, "it has %d bytes and should have %d".formatted(n, frame.length()));
      }
    } catch (ZstdException e) {
      throw damaged(frame, String.valueOf(e.getMessage()));
    }
    last = frame;
    return plain.duplicate();
  }

  /** Whether it has read that frame last. */
  public boolean isAt(FrameRef frame) {
    return frame.equals(last);
  }

  /** An empty buffer of exactly this size. */
  private static ByteBuffer room(ByteBuffer buffer, int length) {
    ByteBuffer enough =
        buffer.capacity() >= length ? buffer : ByteBuffer.allocateDirect(length + length / 4);
    return enough.clear().limit(length);
  }

  private boolean isSound(FrameRef frame) {
    CRC32C crc = new CRC32C();
    crc.update(packed.flip().duplicate());
    return (int) crc.getValue() == frame.crc();
  }

  static InvalidArchive damaged(FrameRef frame, String why) {
    return new InvalidArchive(
        frame.object(), "damaged in the frame at byte " + frame.offset(), why);
  }

  @Override
  public void close() {
    context.close();
  }
}
