package dev.keg.backup.archive;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.keg.backup.archive.frame.Compression.Zstd;
import dev.keg.backup.archive.frame.FrameBuffer;
import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.frame.ZstdEncoder;
import dev.keg.backup.archive.index.Thinned;
import dev.keg.error.BackupException.InvalidArchive;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.zip.CRC32C;

/**
 * Repacks frames with zeros in place of blocks that are no longer needed, which then take almost no
 * space. Not thread-safe.
 */
public final class FrameThinner implements AutoCloseable {
  private static final byte[] ZEROS = new byte[64 << 10];

  private final FrameReader reader;
  private final ZstdEncoder encoder = new ZstdEncoder(Zstd.DEFAULT_LEVEL);
  private final FrameBuffer buffer = new FrameBuffer();
  private final ZstdDecompressCtx decoder = new ZstdDecompressCtx();
  private final ByteBuffer unpacked = ByteBuffer.allocateDirect(FrameRef.MAX_LENGTH);

  /**
   * A thinned frame.
   *
   * @param hash the hash of its plain bytes
   */
  public record ThinFrame(ByteBuffer stored, FrameHash hash) {
    public int crc() {
      CRC32C crc = new CRC32C();
      crc.update(stored.duplicate());
      return (int) crc.getValue();
    }
  }

  /** Closing this does not close the reader. */
  public FrameThinner(FrameReader reader) {
    this.reader = reader;
  }

  /**
   * The frame, packed again or as it was, whichever takes less; valid until the reader or this is
   * used again. If several places have some of the blocks each, it is put together.
   *
   * @param key the key of the frame's hash
   * @param live the blocks that are needed
   * @throws InvalidArchive if one of them is damaged or missing, or they take more room in one
   *     place than the frame did, which no reader expects
   */
  public ThinFrame thin(FrameRef frame, FrameKey key, BitSet live) {
    gather(frame, key, live);
    encoder.encode(buffer);
    requireSame(frame, live);
    ThinFrame less = less(frame, key, live);
    if (less.stored().remaining() > frame.stored()) {
      throw new InvalidArchive(
          frame.object(),
          "frame at byte " + frame.offset(),
          "its parts in several places would take more room in one",
          "it is not repacked; nothing is lost");
    }
    return less;
  }

  /** The blocks, and zeros for all others. */
  private void gather(FrameRef frame, FrameKey key, BitSet live) {
    ByteBuffer empty = buffer.plain.clear().limit(frame.length());
    while (empty.hasRemaining()) {
      empty.put(ZEROS, 0, Math.min(ZEROS.length, empty.remaining()));
    }
    empty.flip();
    BitSet missing = (BitSet) live.clone();
    while (!missing.isEmpty()) {
      BitSet first = new BitSet();
      first.set(missing.nextSetBit(0));
      ByteBuffer plain = reader.read(frame, first);
      reader.requireHash(key); // no later reader can compare it with the index
      BitSet found = reader.among(missing);
      int end;
      for (int from = found.nextSetBit(0); from >= 0; from = found.nextSetBit(end)) {
        end = found.nextClearBit(from);
        int begin = Thinned.offset(from);
        int size = Math.min(Thinned.offset(end), frame.length()) - begin;
        buffer.plain.put(begin, plain, begin, size);
      }
      missing.andNot(found);
    }
  }

  /** The smaller of the frame just packed and the last one read, if that has all of the blocks. */
  private ThinFrame less(FrameRef frame, FrameKey key, BitSet live) {
    ByteBuffer before = reader.packed();
    ByteBuffer anew = buffer.packed();
    boolean isSmaller = anew.remaining() < before.remaining();
    return isSmaller || !reader.among(live).equals(live)
        ? new ThinFrame(anew, key.hash(unpacked.slice(0, frame.length())))
        : new ThinFrame(before, key.hash(reader.read(frame, live)));
  }

  /**
   * Compares the blocks before and after: the index cannot verify the new frame, which soon will be
   * the only copy.
   */
  private void requireSame(FrameRef frame, BitSet live) {
    int length = frame.length();
    ByteBuffer anew = buffer.packed();
    try {
      decoder.decompressDirectByteBuffer(unpacked, 0, length, anew, 0, anew.remaining());
    } catch (ZstdException e) {
      throw FrameReader.damaged(frame, String.valueOf(e.getMessage()));
    }
    for (int from = live.nextSetBit(0); from >= 0; from = live.nextSetBit(from + 1)) {
      int begin = Thinned.offset(from);
      int size = Math.min(Thinned.offset(from + 1), length) - begin;
      if (!unpacked.slice(begin, size).equals(buffer.plain.slice(begin, size))) {
        throw FrameReader.damaged(frame, "its content changed when it was packed anew");
      }
    }
  }

  @Override
  public void close() {
    encoder.close();
    decoder.close();
  }
}
