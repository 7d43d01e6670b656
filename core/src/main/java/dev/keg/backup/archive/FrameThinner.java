package dev.keg.backup.archive;

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
    buffer.plain.clear().put(reader.read(frame, live)).flip();
    int blocks = Thinned.blocks(frame.length());
    for (int dead = live.nextClearBit(0); dead < blocks; dead = live.nextClearBit(dead + 1)) {
      clear(Thinned.offset(dead), Math.min(Thinned.offset(dead + 1), frame.length()));
    }
    encoder.encode(buffer);
    ByteBuffer before = reader.packed();
    ByteBuffer anew = buffer.packed();
    ByteBuffer less = anew.remaining() < before.remaining() ? anew : before;
    byte[] packed = new byte[less.remaining()];
    less.get(packed);
    return packed;
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
  }
}
