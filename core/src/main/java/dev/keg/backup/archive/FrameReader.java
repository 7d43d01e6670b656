package dev.keg.backup.archive;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.archive.index.Thinned;
import dev.keg.error.BackupException.InvalidArchive;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads frames and checks them. Not thread-safe. */
public final class FrameReader implements AutoCloseable {
  private ArchiveSources.Opener sources;
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private ByteBuffer packed = ByteBuffer.allocate(0);
  private ByteBuffer plain = ByteBuffer.allocate(0);
  private @Nullable FrameRef last;
  private Optional<Thinned> thinned = Optional.empty();

  public FrameReader(ArchiveSources sources) {
    this(sources::source);
  }

  /** Closing this does not close the sources. */
  public FrameReader(ArchiveSources.Opener sources) {
    this.sources = sources;
  }

  /** Reads from other sources from now on, with the same buffers. */
  public void readFrom(ArchiveSources.Opener others) {
    sources = others;
    last = null;
  }

  /** The plain bytes of the whole frame; valid until the next call for another frame. */
  public ByteBuffer read(FrameRef frame) {
    return read(frame, _ -> false);
  }

  /** The plain bytes of a part of a frame; valid until the next call for another frame. */
  public ByteBuffer read(Slice slice) {
    ByteBuffer bytes = read(slice.frame(), left -> left.has(slice.blocks()));
    return bytes.slice(slice.offset(), slice.length());
  }

  /**
   * The same for a whole file, checked if its hash is known and its frame was thinned: earlier
   * builds recorded no hash of such a frame.
   */
  public ByteBuffer read(Slice slice, FrameKey key, Optional<FrameHash> content) {
    ByteBuffer bytes = read(slice);
    if (thinned.isPresent() && content.filter(hash -> !key.hash(bytes).equals(hash)).isPresent()) {
      throw damaged(slice.frame(), "its content does not match the index");
    }
    return bytes;
  }

  /** The plain bytes of a frame, of which only these blocks matter; others may be zeros. */
  public ByteBuffer read(FrameRef frame, BitSet blocks) {
    return read(frame, left -> left.has(blocks));
  }

  /** What remains of the frame, even if it was thinned; see {@link #thinned}. */
  ByteBuffer readRemains(FrameRef frame) {
    return read(frame, _ -> true);
  }

  private ByteBuffer read(FrameRef frame, Predicate<Thinned> enough) {
    if (isAt(frame) && thinned.filter(enough.negate()).isEmpty()) {
      return plain.duplicate();
    }
    last = null;
    RangeSource source = sources.open(frame.object());
    if (frame.end() > source.length()) {
      throw damaged(frame, "the file ends before it");
    }
    packed = room(packed, frame.stored(), FrameRef.MAX_STORED);
    plain = room(plain, frame.length(), FrameRef.MAX_LENGTH);
    if (!isReadThinned(source, frame, enough)) {
      try {
        readWhole(source, frame);
      } catch (InvalidArchive e) {
        if (!isReadThinned(source, frame, enough)) {
          throw e;
        }
      }
    }
    last = frame;
    return plain.duplicate();
  }

  private boolean isReadThinned(RangeSource source, FrameRef frame, Predicate<Thinned> enough) {
    thinned = source.readThinned(frame.offset(), packed.clear().limit(frame.stored()), enough);
    thinned.ifPresent(left -> unpack(frame, left.stored()));
    return thinned.isPresent();
  }

  private void readWhole(RangeSource source, FrameRef frame) {
    source.read(frame.offset(), packed.clear().limit(frame.stored()));
    ByteBuffer stored = packed.duplicate().clear().limit(frame.stored());
    if (!isSound(frame, stored.duplicate())
        && !source.readAgain(frame.offset(), stored, bytes -> isSound(frame, bytes))) {
      throw damaged(frame, "its checksum is wrong");
    }
    unpack(frame, frame.stored());
  }

  private void unpack(FrameRef frame, int stored) {
    try {
      int n = context.decompressDirectByteBuffer(plain, 0, frame.length(), packed, 0, stored);
      if (n != frame.length()) {
        throw damaged(frame, "it has %d bytes and should have %d".formatted(n, frame.length()));
      }
    } catch (ZstdException e) {
      throw damaged(frame, String.valueOf(e.getMessage()));
    }
  }

  /** Whether this frame was the last one read. */
  public boolean isAt(FrameRef frame) {
    return frame.equals(last);
  }

  /** Which of these blocks the last frame read contains. */
  BitSet among(BitSet blocks) {
    BitSet there = (BitSet) blocks.clone();
    thinned.ifPresent(left -> there.and(left.live()));
    return there;
  }

  /** The stored bytes of the last frame read. */
  ByteBuffer packed() {
    if (last == null) {
      throw new IllegalStateException("no frame was read");
    }
    return packed.slice(0, thinned.map(Thinned::stored).orElse(last.stored()));
  }

  /** What the last frame read has left, if content was removed from it. */
  Optional<Thinned> thinned() {
    return thinned;
  }

  /**
   * An empty buffer of exactly this size. One that is replaced takes memory until the collector
   * runs, so few are: the next has twice the size, or room for any frame.
   */
  private static ByteBuffer room(ByteBuffer buffer, int length, int most) {
    ByteBuffer enough =
        buffer.capacity() >= length
            ? buffer
            : ByteBuffer.allocateDirect(Math.clamp(2L * length, length, Math.max(length, most)));
    return enough.clear().limit(length);
  }

  private static boolean isSound(FrameRef frame, ByteBuffer stored) {
    CRC32C crc = new CRC32C();
    crc.update(stored);
    return (int) crc.getValue() == frame.crc();
  }

  /**
   * Reads a part of a file and checks it by the hash of the file, or else by that of the frame,
   * which must be known.
   */
  public void requireSound(IndexedEntry entry, Slice slice, FrameKey key) {
    Optional<FrameHash> hash = entry.hash(slice);
    read(slice, key, hash);
    if (hash.isEmpty()) {
      if (hash(slice.frame()).isEmpty()) {
        throw damaged(slice.frame(), "its rest records no hash of it");
      }
      requireHash(key);
    }
  }

  /** Checks the hash of the last frame read, if it is known. */
  void requireHash(FrameKey key) {
    FrameRef frame = Objects.requireNonNull(last);
    if (hash(frame).filter(hash -> !key.hash(plain).equals(hash)).isPresent()) {
      throw damaged(frame, "its hash does not match the recorded one");
    }
  }

  private Optional<FrameHash> hash(FrameRef frame) {
    return thinned.isPresent() ? thinned.get().hash() : Optional.of(frame.hash());
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
