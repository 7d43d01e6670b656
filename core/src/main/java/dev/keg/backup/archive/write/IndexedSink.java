package dev.keg.backup.archive.write;

import dev.keg.backup.archive.ArchiveSources;
import dev.keg.backup.archive.FrameReader;
import dev.keg.backup.archive.delta.Difference;
import dev.keg.backup.archive.delta.EarlierContent.Piece;
import dev.keg.backup.archive.frame.FrameBuffer;
import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FramePipeline;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.frame.ZstdEncoders;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.archive.index.Totals;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Writes zstd frames and their index. */
final class IndexedSink implements FrameSink {
  /** The number of threads that read earlier frames; each needs space for one. */
  private static final int READERS = 2;

  private final FramePipeline pipeline;
  private final ZstdEncoders encoders;
  private final BlockingQueue<FrameReader> readers = new ArrayBlockingQueue<>(READERS);
  private final ContentSharing sharing;
  private final ArchiveIndex index;
  private final Optional<ArchiveSources> earlier;

  /**
   * @param sharing finds frames of large files that need not be written again
   * @param previous provides the earlier content of these files
   */
  IndexedSink(
      FramePipeline pipeline,
      int level,
      ContentSharing sharing,
      ArchiveIndex index,
      Optional<Predecessor> previous) {
    earlier = previous.map(last -> last.archive().sources());
    earlier.ifPresent(
        sources ->
            Stream.generate(() -> new FrameReader(sources)).limit(READERS).forEach(readers::add));
    this.pipeline = pipeline;
    encoders = new ZstdEncoders(level);
    this.sharing = sharing;
    this.index = index;
  }

  @Override
  public FrameBuffer take() {
    return pipeline.take();
  }

  @Override
  public void frame(FrameBuffer full, Frame frame, Optional<List<Piece>> before) {
    pipeline.submit(full, new Indexing(frame, before));
    index.frame(frame);
  }

  /** Hashes a frame, and writes the parts of it that no earlier archive has. */
  private final class Indexing implements FramePipeline.Job {
    private final Frame frame;
    private final Optional<List<Piece>> before;
    private @Nullable FrameHash hash;
    private @Nullable FrameHash written;
    private List<Slice> elsewhere = List.of();
    private Optional<Difference> difference = Optional.empty();
    private int crc;

    Indexing(Frame frame, Optional<List<Piece>> before) {
      this.frame = frame;
      this.before = before;
    }

    @Override
    public void pack(FrameBuffer buffer) {
      hash = sharing.key().hash(buffer.plain);
      written = hash;
      if (before.isPresent()) {
        elsewhere = known(hash, buffer.plain.remaining());
        if (!elsewhere.isEmpty()) {
          return;
        }
        difference = difference(buffer.plain, before.get());
        difference.ifPresent(found -> found.compact(buffer.plain));
        if (!buffer.plain.hasRemaining()) {
          elsewhere = difference.orElseThrow().slices(Optional.empty());
          return;
        }
        written = difference.isPresent() ? sharing.key().hash(buffer.plain) : hash;
      }
      encoders.encode(buffer);
      CRC32C checksum = new CRC32C();
      checksum.update(buffer.packed().duplicate());
      crc = (int) checksum.getValue();
    }

    @Override
    public void written(long offset, FrameBuffer buffer) {
      if (hash == null || written == null) {
        throw new IllegalStateException("a frame that was not packed");
      }
      if (elsewhere.size() == 1 && elsewhere.getFirst().isWholeFrame()) {
        frame.place(elsewhere.getFirst().frame());
      } else if (!elsewhere.isEmpty()) {
        frame.compose(elsewhere, hash);
      } else {
        int stored = buffer.packed().position();
        int length = buffer.plain.remaining();
        FrameRef place = new FrameRef("", offset, stored, length, crc, written);
        frame.place(place);
        FrameHash whole = hash;
        difference.ifPresent(found -> frame.compose(found.slices(Optional.of(place)), whole));
      }
    }
  }

  /** The location of a whole frame with this content, or of the parts that compose it. */
  private List<Slice> known(FrameHash hash, int length) {
    return sharing
        .known()
        .find(hash, length)
        .filter(slices -> slices.size() > 1 || slices.getFirst().isWholeFrame())
        .orElse(List.of());
  }

  private Optional<Difference> difference(ByteBuffer content, List<Piece> before) {
    if (earlier.isEmpty() || before.isEmpty()) {
      return Optional.empty();
    }
    FrameReader reader = reader();
    try {
      return Difference.of(content, before, reader);
    } finally {
      readers.add(reader);
    }
  }

  private FrameReader reader() {
    try {
      return readers.take();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  @Override
  public void entry(PendingEntry entry) {
    index.entry(entry);
  }

  @Override
  public boolean pageIsDue() {
    return index.pageIsDue();
  }

  @Override
  public void page() {
    index.page();
  }

  @Override
  public long finish(Totals totals) {
    index.finish(totals);
    return pipeline.finish();
  }

  @Override
  public boolean isBroken() {
    return pipeline.isBroken();
  }

  @Override
  public void close() {
    pipeline.close();
    encoders.close();
    readers.forEach(FrameReader::close);
    earlier.ifPresent(ArchiveSources::close);
  }
}
