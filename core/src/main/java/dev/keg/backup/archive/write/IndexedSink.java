package dev.keg.backup.archive.write;

import dev.keg.backup.archive.frame.Frame;
import dev.keg.backup.archive.frame.FrameBuffer;
import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.frame.FramePipeline;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.frame.Sha256;
import dev.keg.backup.archive.frame.ZstdEncoder;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexPage;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.Skippable;
import dev.keg.backup.archive.index.Totals;
import dev.keg.tree.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Writes zstd frames and their index. */
final class IndexedSink implements FrameSink {
  /** About half a megabyte of index: little to read for one file, much for a compressor. */
  private static final int PAGE_ENTRIES = 8192;

  private final FramePipeline pipeline;
  private final int level;
  private final Queue<ZstdEncoder> idle = new ConcurrentLinkedQueue<>();
  private final FrameKey key;
  private final ByteString description;
  private final Map<FrameHash, FrameRef> known;
  private final IndexRoot.ObjectNames objects = new IndexRoot.ObjectNames();
  private final List<IndexRoot.Page> pages = new ArrayList<>();
  private List<PendingEntry> entries = new ArrayList<>();
  private List<Frame> frames = new ArrayList<>();

  IndexedSink(
      FramePipeline pipeline,
      int level,
      FrameKey key,
      ByteString description,
      Map<FrameHash, FrameRef> known) {
    this.pipeline = pipeline;
    this.level = level;
    this.key = key;
    this.description = description;
    this.known = known;
  }

  @Override
  public FrameBuffer take() {
    return pipeline.take();
  }

  @Override
  public void frame(FrameBuffer full, Frame frame, boolean content) {
    frames.add(frame);
    pipeline.submit(full, new Indexing(frame, content));
  }

  /** Hashes a frame, and writes it unless an earlier archive has it. */
  private final class Indexing implements FramePipeline.Job {
    private final Frame frame;
    private final boolean content;
    private @Nullable FrameHash hash;
    private @Nullable FrameRef elsewhere;
    private int crc;

    Indexing(Frame frame, boolean content) {
      this.frame = frame;
      this.content = content;
    }

    @Override
    public void pack(FrameBuffer buffer) {
      hash = key.hash(buffer.plain);
      FrameRef same = content ? known.get(hash) : null;
      if (same != null && same.length() == buffer.plain.remaining()) {
        elsewhere = same;
        return;
      }
      encode(buffer);
      CRC32C checksum = new CRC32C();
      checksum.update(buffer.packed.duplicate());
      crc = (int) checksum.getValue();
    }

    @Override
    public void written(long offset, FrameBuffer buffer) {
      if (elsewhere != null) {
        frame.place(elsewhere);
      } else if (hash != null) {
        int stored = buffer.packed.position();
        frame.place(new FrameRef("", offset, stored, buffer.plain.remaining(), crc, hash));
      }
    }
  }

  // An encoder has tables of its own: there are as many as threads that pack, not as buffers.
  private void encode(FrameBuffer buffer) {
    ZstdEncoder used = idle.poll();
    ZstdEncoder encoder = used == null ? new ZstdEncoder(level) : used;
    try {
      encoder.encode(buffer);
    } finally {
      idle.add(encoder);
    }
  }

  @Override
  public void entry(PendingEntry entry) {
    entries.add(entry);
  }

  @Override
  public boolean pageIsDue() {
    return entries.size() >= PAGE_ENTRIES;
  }

  @Override
  public void page() {
    if (entries.isEmpty() && frames.isEmpty()) {
      return;
    }
    List<PendingEntry> pageEntries = entries;
    List<Frame> pageFrames = frames;
    entries = new ArrayList<>();
    frames = new ArrayList<>();
    pipeline.submit(offset -> encode(offset, pageEntries, pageFrames));
  }

  private ByteBuffer[] encode(long offset, List<PendingEntry> pending, List<Frame> own) {
    IndexPage page =
        new IndexPage(
            own.stream().map(Frame::place).filter(f -> f.object().isEmpty()).toList(),
            pending.stream().map(PendingEntry::placed).toList());
    byte[] content = page.encode(objects);
    ByteBuffer payload = Skippable.pack(Skippable.PAGE, content);
    pages.add(
        new IndexRoot.Page(
            offset + Skippable.HEAD,
            payload.remaining(),
            content.length,
            Sha256.of(payload),
            page.entries().size(),
            page.firstPath()));
    return new ByteBuffer[] {Skippable.head(payload.remaining()), payload};
  }

  @Override
  public long finish(Totals totals) {
    page();
    pipeline.submit(offset -> root(offset, totals));
    return pipeline.finish();
  }

  private ByteBuffer[] root(long offset, Totals totals) {
    byte[] content = new IndexRoot(key, totals, description, objects, pages).encode();
    ByteBuffer payload = Skippable.pack(Skippable.ROOT, content);
    Footer footer =
        new Footer(
            offset + Skippable.HEAD, payload.remaining(), content.length, Sha256.of(payload));
    return new ByteBuffer[] {
      Skippable.head(payload.remaining() + Footer.SIZE), payload, footer.encode()
    };
  }

  @Override
  public boolean isBroken() {
    return pipeline.isBroken();
  }

  @Override
  public void close() {
    pipeline.close();
    idle.forEach(ZstdEncoder::close);
  }
}
