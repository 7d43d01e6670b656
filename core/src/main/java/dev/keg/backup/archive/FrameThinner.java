package dev.keg.backup.archive;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.keg.backup.archive.frame.Compression.Zstd;
import dev.keg.backup.archive.frame.FrameBuffer;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.frame.ZstdEncoder;
import dev.keg.backup.archive.index.Thinned;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.zip.CRC32C;

/**
 * Packs frames anew with zeros for the blocks that are needed no more, which take next to no room.
 * For one thread.
 */
public final class FrameThinner implements AutoCloseable {
  private final FrameReader reader;
  private final ZstdEncoder encoder = new ZstdEncoder(Zstd.DEFAULT_LEVEL);
  private final FrameBuffer buffer = new FrameBuffer();
  private final ZstdDecompressCtx decoder = new ZstdDecompressCtx();
  private final ByteBuffer unpacked = ByteBuffer.allocateDirect(FrameRef.MAX_LENGTH);

  /** The sources stay their owner's to close. */
  public FrameThinner(ArchiveSources.Opener sources) {
    reader = new FrameReader(sources);
  }

  /**
   * The frame, packed anew or as it was, whichever takes less.
   *
   * @param live the blocks that are needed
   * @throws dev.keg.error.BackupException.InvalidArchive if one of them is damaged or missing
   */
  public byte[] thin(FrameRef frame, BitSet live) {
    ByteBuffer whole = reader.read(frame, live);
    buffer.plain.clear().put(whole.duplicate()).flip();
    int blocks = Thinned.blocks(frame.length());
    for (int dead = live.nextClearBit(0); dead < blocks; dead = live.nextClearBit(dead + 1)) {
      clear(Thinned.offset(dead), Math.min(Thinned.offset(dead + 1), frame.length()));
    }
    encoder.encode(buffer);
    ByteBuffer before = reader.packed();
    ByteBuffer anew = buffer.packed();
    requireSame(frame, live, whole, anew);
    ByteBuffer less = anew.remaining() < before.remaining() ? anew : before;
    byte[] packed = new byte[less.remaining()];
    less.get(packed);
    return packed;
  }

  /**
   * What the index knows of the frame says nothing of this one, and soon it is all that is left.
   */
  private void requireSame(FrameRef frame, BitSet live, ByteBuffer whole, ByteBuffer anew) {
    int length = frame.length();
    try {
      decoder.decompressDirectByteBuffer(unpacked, 0, length, anew, 0, anew.remaining());
    } catch (ZstdException e) {
      throw FrameReader.damaged(frame, String.valueOf(e.getMessage()));
    }
    for (int from = live.nextSetBit(0); from >= 0; from = live.nextSetBit(from + 1)) {
      int begin = Thinned.offset(from);
      int size = Math.min(Thinned.offset(from + 1), length) - begin;
      if (!unpacked.slice(begin, size).equals(whole.slice(begin, size))) {
        throw FrameReader.damaged(frame, "it has another content after it was packed anew");
      }
    }
  }

  private void clear(int from, int to) {
    buffer.plain.put(from, new byte[to - from]);
  }

  public static int crc(byte[] packed) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.wrap(packed));
    return (int) crc.getValue();
  }

  @Override
  public void close() {
    reader.close();
    encoder.close();
    decoder.close();
  }
}
