package dev.keg.backup.archive.write;

import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.frame.FramePipeline;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexPage;
import dev.keg.backup.archive.index.Totals;
import dev.keg.tree.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** An index of version 1, whose pages list the frames written since the previous page. */
final class FirstIndex extends ArchiveIndex {
  /** About half a megabyte of index: little to read for one file, but much for a compressor. */
  private static final int PAGE_ENTRIES = 8192;

  private List<PendingEntry> entries = new ArrayList<>();
  private long weight;
  private List<Frame> frames = new ArrayList<>();

  FirstIndex(FramePipeline pipeline, FrameKey key, ByteString description) {
    super(Footer.FIRST, pipeline, key, description);
  }

  @Override
  void frame(Frame frame) {
    frames.add(frame);
  }

  @Override
  void entry(PendingEntry entry) {
    entries.add(entry);
    weight += entry.weight();
  }

  @Override
  boolean pageIsDue() {
    return weight >= PAGE_ENTRIES;
  }

  @Override
  void page() {
    if (entries.isEmpty() && frames.isEmpty()) {
      return;
    }
    List<PendingEntry> pageEntries = entries;
    List<Frame> pageFrames = frames;
    entries = new ArrayList<>();
    weight = 0;
    frames = new ArrayList<>();
    pipeline.submit(offset -> encode(offset, pageEntries, pageFrames));
  }

  private ByteBuffer[] encode(long offset, List<PendingEntry> pending, List<Frame> own) {
    IndexPage page =
        new IndexPage(
            own.stream().map(Frame::place).filter(f -> f.object().isEmpty()).toList(),
            pending.stream().map(PendingEntry::placed).toList());
    return stored(page, page.encode(objects), offset);
  }

  @Override
  void finish(Totals totals) {
    page();
    pipeline.submit(offset -> stored(root(totals), offset));
  }
}
