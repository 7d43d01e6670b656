package dev.keg.backup.repack;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.frame.Sha256;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Skippable;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.archive.index.Thinned;
import dev.keg.backup.repository.rest.ByteRanges;
import dev.keg.backup.repository.rest.ByteRanges.Range;
import dev.keg.backup.repository.rest.Needed;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.repository.rest.ThinnedFrame;
import dev.keg.tree.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** Frames and index pages of one object, by offset. */
public final class Pieces {
  /** A frame is kept unchanged if less than this fraction of it is unneeded. */
  private static final int ENOUGH = 16;

  /**
   * The tar headers before most files count as needed with them; they compress to almost nothing
   * anyway.
   */
  private static final int HEADERS = Thinned.offset(3);

  private final TreeMap<Long, Piece> pieces = new TreeMap<>();

  /** Bytes that are copied and checked together. */
  sealed interface Piece {
    int length();

    /** Whether these are its bytes. */
    boolean isSound(ByteBuffer bytes);
  }

  /** A frame of which files have parts, the key of its hash, and the needed blocks. */
  record PartialFrame(FrameRef frame, FrameKey key, BitSet blocks) implements Piece {
    @Override
    public int length() {
      return frame.stored();
    }

    @Override
    public boolean isSound(ByteBuffer bytes) {
      return new FramePiece(frame.stored(), frame.crc()).isSound(bytes);
    }

    /** Whether so little of it is needed that repacking it pays off. */
    boolean isThin() {
      return blocks.cardinality() * ENOUGH <= Thinned.blocks(frame.length()) * (ENOUGH - 1);
    }

    Needed.Content content() {
      return new Needed.Content(frame.offset(), frame.stored(), blocks);
    }
  }

  private record FramePiece(int length, int crc) implements Piece {
    @Override
    public boolean isSound(ByteBuffer bytes) {
      CRC32C checksum = new CRC32C();
      checksum.update(bytes);
      return (int) checksum.getValue() == crc;
    }
  }

  /** An index page with the head of its skippable frame, since adjacent pages are read together. */
  private record PagePiece(int length, ByteString sha256) implements Piece {
    @Override
    public boolean isSound(ByteBuffer bytes) {
      return Sha256.of(bytes.position(bytes.position() + Skippable.HEAD)).equals(sha256);
    }
  }

  /** The end of an archive: the root of its index with the head, and the footer. */
  private record EndPiece(int length, ByteString sha256) implements Piece {
    @Override
    public boolean isSound(ByteBuffer bytes) {
      int begin = bytes.position();
      return Sha256.of(bytes.position(begin + Skippable.HEAD).limit(begin + length - Footer.SIZE))
          .equals(sha256);
    }
  }

  /** Selects pieces. */
  @FunctionalInterface
  interface Filter {
    boolean wants(long offset, Piece piece);
  }

  Pieces where(Filter filter) {
    Pieces some = new Pieces();
    pieces.forEach(
        (offset, piece) -> {
          if (filter.wants(offset, piece)) {
            some.pieces.put(offset, piece);
          }
        });
    return some;
  }

  public boolean isEmpty() {
    return pieces.isEmpty();
  }

  public int count() {
    return pieces.size();
  }

  /** Adds a whole frame. */
  public void add(FrameRef frame) {
    pieces.put(frame.offset(), new FramePiece(frame.stored(), frame.crc()));
  }

  public boolean has(FrameRef frame) {
    return pieces.containsKey(frame.offset());
  }

  /** Only the frames of which only a part is needed. */
  public Pieces thinned() {
    return where((_, piece) -> piece instanceof PartialFrame partial && partial.isThin());
  }

  /** Whether a file shares a frame with others. */
  private static boolean isShared(IndexedEntry entry) {
    return entry.slices().size() == 1
        && entry.content().isPresent()
        && !entry.slices().getFirst().isWholeFrame();
  }

  /**
   * A part of a file; a small one with its headers.
   *
   * @param key the key of the hash of its frame
   */
  public void add(IndexedEntry entry, Slice slice, FrameKey key) {
    if (slice.isWholeFrame()) {
      add(slice.frame());
      return;
    }
    int headers = isShared(entry) ? Math.min(HEADERS, slice.offset()) : 0;
    add(new Slice(slice.frame(), slice.offset() - headers, slice.length() + headers), key);
  }

  private void add(Slice slice, FrameKey key) {
    FrameRef frame = slice.frame();
    Piece known =
        pieces.computeIfAbsent(frame.offset(), _ -> new PartialFrame(frame, key, new BitSet()));
    if (known instanceof PartialFrame partial) {
      partial.blocks().or(slice.blocks());
      if (!partial.isThin()) {
        add(frame); // most frames end so, and need no table of blocks
      }
    }
  }

  public void addEnd(Archive archive, long length) {
    long begin = archive.end();
    pieces.put(begin, new EndPiece(Math.toIntExact(length - begin), archive.hash()));
  }

  public void add(IndexRoot.Page page) {
    pieces.put(
        page.offset() - Skippable.HEAD,
        new PagePiece(page.stored() + Skippable.HEAD, page.sha256()));
  }

  /** The parts of the object that are needed, and the frames of which only a part is. */
  Needed needed() {
    List<Range> ranges = new ArrayList<>();
    List<Needed.Content> partly = new ArrayList<>();
    pieces.forEach(
        (offset, piece) -> {
          if (piece instanceof PartialFrame partial && partial.isThin()) {
            partly.add(partial.content());
          } else {
            ranges.add(new Range(offset, piece.length()));
          }
        });
    return new Needed(ByteRanges.of(ranges), partly);
  }

  /** The frames of which only a part is needed. */
  List<PartialFrame> thin() {
    List<PartialFrame> thin = new ArrayList<>();
    for (Piece piece : pieces.values()) {
      if (piece instanceof PartialFrame partial && partial.isThin()) {
        thin.add(partial);
      }
    }
    return thin;
  }

  /** About how many bytes they take, after frames of which only a part is needed were thinned. */
  long length(Optional<Rest> from) {
    long length = 0;
    for (Piece piece : pieces.values()) {
      length +=
          piece instanceof PartialFrame partial && partial.isThin()
              ? estimate(partial, from)
              : piece.length();
    }
    return length;
  }

  /** Estimates proportionally to the current size. */
  private static long estimate(PartialFrame partial, Optional<Rest> from) {
    ThinnedFrame now = from.map(rest -> rest.thinned().get(partial.frame().offset())).orElse(null);
    long needed = partial.blocks().cardinality();
    return now == null
        ? needed * partial.frame().stored() / Thinned.blocks(partial.frame().length())
        : needed * now.stored() / Math.max(1, now.content().blocks().cardinality());
  }

  /** The pieces that begin in a range of the object, in order. */
  List<Piece> in(Range part) {
    return List.copyOf(pieces.subMap(part.offset(), part.end()).values());
  }
}
