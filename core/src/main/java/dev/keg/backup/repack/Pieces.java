package dev.keg.backup.repack;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.frame.Sha256;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.Skippable;
import dev.keg.backup.repository.rest.ByteRanges;
import dev.keg.backup.repository.rest.ByteRanges.Range;
import dev.keg.tree.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** Frames and index pages of one object, by where they begin. */
public final class Pieces {
  private final TreeMap<Long, Piece> pieces = new TreeMap<>();

  /** Bytes that are copied together and checked. */
  sealed interface Piece {
    int length();

    /** Whether these are its bytes. */
    boolean isSound(ByteBuffer bytes);
  }

  private record FramePiece(int length, int crc) implements Piece {
    @Override
    public boolean isSound(ByteBuffer bytes) {
      CRC32C checksum = new CRC32C();
      checksum.update(bytes);
      return (int) checksum.getValue() == crc;
    }
  }

  /** The head of the skippable frame belongs to it, since pages are read with those behind them. */
  private record PagePiece(int length, ByteString sha256) implements Piece {
    @Override
    public boolean isSound(ByteBuffer bytes) {
      return Sha256.of(bytes.position(bytes.position() + Skippable.HEAD)).equals(sha256);
    }
  }

  /** What an archive ends with: the root of its index with the head, and the footer. */
  private record EndPiece(int length, ByteString sha256) implements Piece {
    @Override
    public boolean isSound(ByteBuffer bytes) {
      int begin = bytes.position();
      return Sha256.of(bytes.position(begin + Skippable.HEAD).limit(begin + length - Footer.SIZE))
          .equals(sha256);
    }
  }

  /** Which of them are meant. */
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

  public void add(FrameRef frame) {
    pieces.put(frame.offset(), new FramePiece(frame.stored(), frame.crc()));
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

  /** Where they lie. */
  ByteRanges ranges() {
    List<Range> ranges = new ArrayList<>();
    pieces.forEach((offset, piece) -> ranges.add(new Range(offset, piece.length())));
    return ByteRanges.of(ranges);
  }

  /** Those that begin in a part of the object, in order. */
  List<Piece> in(Range part) {
    return List.copyOf(pieces.subMap(part.offset(), part.end()).values());
  }
}
