package dev.keg.backup.archive.write;

import dev.keg.backup.archive.delta.EarlierContent;
import dev.keg.backup.archive.delta.EarlierContent.Piece;
import dev.keg.backup.archive.delta.EarlierFile.Chunk;
import dev.keg.backup.archive.frame.ContentCutter;
import dev.keg.backup.archive.frame.FrameBuffer;
import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.write.LargeContent.Section;
import dev.keg.backup.archive.write.PendingEntry.Part;
import dev.keg.backup.tar.TarEncoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Cuts a tar stream into frames while it is written. */
final class TarStream {
  /** The largest file that shares a frame with others. */
  static final int SMALL = 1 << 20;

  /** How much to read before looking for a cut. */
  private static final int STEP = 256 << 10;

  private final FrameSink sink;
  private final boolean cutByContent;
  private final ContentCutter cutter = new ContentCutter();
  private boolean begun;

  /** Taken only when there is something to write, since nothing follows the last frame. */
  private @Nullable FrameBuffer buffer;

  private Frame frame = new Frame();

  TarStream(FrameSink sink, boolean cutByContent) {
    this.sink = sink;
    this.cutByContent = cutByContent;
  }

  /** Whether a file shares no frame with others. */
  static boolean isLarge(byte[] header, long stored) {
    return stored > SMALL || header.length + stored > FrameRef.MAX_LENGTH;
  }

  private FrameBuffer buffer() {
    FrameBuffer taken = buffer == null ? sink.take() : buffer;
    buffer = taken;
    return taken;
  }

  private ByteBuffer plain() {
    return buffer().plain;
  }

  /** Whether anything was written and not taken back. */
  boolean isBegun() {
    return begun || isFilled();
  }

  private boolean isFilled() {
    return buffer != null && buffer.plain.position() > 0;
  }

  /** Ensures that this many bytes go into one frame. */
  void keepTogether(int length) {
    if (plain().remaining() < length) {
      cut();
    }
  }

  /** The position in the current frame, to return to as long as nothing cuts the frame. */
  int mark() {
    return plain().position();
  }

  /** The hash of everything written since. */
  FrameHash hash(FrameKey key, Part part) {
    return key.hash(
        plain().duplicate().position(part.offset()).limit(part.offset() + part.length()));
  }

  void back(int mark) {
    plain().position(mark);
  }

  void put(byte[] bytes) {
    int done = 0;
    while (done < bytes.length) {
      keepTogether(1);
      int n = Math.min(bytes.length - done, plain().remaining());
      plain().put(bytes, done, n);
      done += n;
    }
  }

  void pad(long stored) {
    put(new byte[TarEncoder.padding(stored)]);
  }

  /** Reads a whole small file into the frame, which must have room for it. */
  List<Part> small(StoredContent content, int length) {
    if (length == 0) {
      return List.of();
    }
    ByteBuffer plain = plain();
    int start = plain.position();
    plain.limit(start + length);
    content.read(plain);
    plain.limit(plain.capacity());
    return List.of(new Part(frame, start, length));
  }

  /**
   * Reads a large file into frames of its own, or a single one if it fits; without an index, as it
   * comes.
   */
  List<Part> large(StoredContent content, List<Section> sections) {
    List<Part> parts = new ArrayList<>();
    if (cutByContent) {
      cut();
    }
    for (Section section : sections) {
      switch (section) {
        case Section.Read(long length, EarlierContent earlier) when cutByContent ->
            contentFrames(content, length, earlier, parts);
        case Section.Read(long length, EarlierContent _) -> asItComes(content, length, parts);
        case Section.Kept(Chunk chunk) -> keep(content, chunk, parts);
      }
    }
    return parts;
  }

  private void asItComes(StoredContent content, long length, List<Part> parts) {
    long rest = length;
    while (rest > 0) {
      keepTogether(1);
      int n = (int) Math.min(rest, plain().remaining());
      parts.addAll(small(content, n));
      rest -= n;
    }
  }

  /** Refers to the file's content in an earlier archive. */
  private static void keep(StoredContent content, Chunk chunk, List<Part> parts) {
    content.skip(chunk.length());
    if (chunk.hash().isPresent()) {
      Frame frame = new Frame(chunk.slices(), chunk.hash().get());
      parts.add(new Part(frame, 0, (int) chunk.length()));
    } else {
      chunk.slices().stream().map(Part::of).forEach(parts::add);
    }
  }

  private void contentFrames(
      StoredContent content, long length, EarlierContent earlier, List<Part> parts) {
    long rest = length;
    long done = 0;
    cutter.begin();
    while (rest > 0 || isFilled()) {
      ByteBuffer plain = plain();
      int at = plain.position();
      int step = at < ContentCutter.MIN ? ContentCutter.MIN - at : STEP;
      int wanted = (int) Math.min(Math.min(step, rest), plain.remaining());
      plain.limit(at + wanted);
      content.read(plain);
      plain.limit(plain.capacity());
      rest -= wanted;
      int cut = length <= FrameRef.MAX_LENGTH ? -1 : cutter.cut(plain);
      if (cut < 0 && rest == 0) {
        cut = plain.position();
      }
      if (cut >= 0) {
        parts.add(new Part(frame, 0, cut));
        cutContent(cut, earlier.pieces(done, cut));
        done += cut;
        cutter.begin();
      }
    }
  }

  /** Submits the frame up to the cut; the rest begins the next one. */
  private void cutContent(int cut, List<Piece> earlier) {
    FrameBuffer full = buffer();
    ByteBuffer rest = full.plain.duplicate().limit(full.plain.position()).position(cut);
    buffer = null;
    if (rest.hasRemaining()) {
      plain().put(rest);
    }
    full.plain.position(cut);
    give(full, Optional.of(earlier));
  }

  /** Writes a page of the index, if one is due. */
  void page() {
    if (sink.pageIsDue()) {
      cut();
      sink.page();
    }
  }

  void end() {
    put(TarEncoder.end());
    cut();
  }

  /** Submits the frame, unless it is empty. */
  void cut() {
    FrameBuffer full = buffer;
    if (full != null && full.plain.position() > 0) {
      buffer = null;
      give(full, Optional.empty());
    }
  }

  private void give(FrameBuffer full, Optional<List<Piece>> earlier) {
    begun = true;
    sink.frame(full, frame, earlier);
    frame = new Frame();
  }
}
