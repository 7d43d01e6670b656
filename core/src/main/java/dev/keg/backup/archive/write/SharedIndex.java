package dev.keg.backup.archive.write;

import dev.keg.backup.archive.Archive.StoredPage;
import dev.keg.backup.archive.frame.FramePipeline;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexPage;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Totals;
import dev.keg.backup.archive.write.ContentSharing.Segments;
import dev.keg.backup.archive.write.PageCutter.Page;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind.RegularFile;
import dev.keg.tree.TreePath;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An index of version 2. A page that equals one in the previous archive is referred to instead of
 * written; if all do, nothing is written at all.
 */
final class SharedIndex extends ArchiveIndex {
  private static final ByteBuffer[] NOTHING = {};

  /** The number of entries, on adjacent pages, to read at once. */
  private static final int TOGETHER = 8 << 10;

  /** The number of entries to hand over to the writing thread at once. */
  private static final int SETTLED = 2 << 10;

  /** The number of entries that wait for a frame to be filled. */
  private static final int MOST_WAITING = 8 << 10;

  private final PreviousEntries previous;
  private final List<Page> waiting = new ArrayList<>();
  private int waitingWeight;
  private final PageCutter cutter = new PageCutter(this::keep);
  private final Optional<Segments> segments;
  private final Count count = new Count();
  private List<Frame> frames = new ArrayList<>();

  /**
   * Frames since the last entry: the next entry may use them and be on a page of a later object.
   */
  private final List<Frame> unfinished = new ArrayList<>();

  private volatile boolean turning;

  // Used only by the writing thread.
  private final List<FrameRef> unlisted = new ArrayList<>();
  private final Set<IndexRoot.Page> shared = new HashSet<>();
  private final List<Settled> settled = new ArrayList<>();
  private int settledWeight;

  /** A page whose frames have their positions. */
  private sealed interface Settled {
    record Earlier(IndexRoot.Page place) implements Settled {}

    record New(List<IndexedEntry> entries) implements Settled {}
  }

  SharedIndex(
      FramePipeline pipeline,
      ContentSharing sharing,
      ByteString description,
      PreviousEntries previous) {
    super(Footer.SHARING, pipeline, sharing.key(), description);
    this.previous = previous;
    segments = sharing.segments();
  }

  /** The numbers of the entries so far. */
  private static final class Count {
    private long entries;
    private long files;
    private long bytes;
    private long changed;

    void add(PendingEntry pending) {
      entries++;
      changed += pending.changedWhileRead() ? 1 : 0;
      if (pending.entry().kind() instanceof RegularFile file) {
        files++;
        bytes += file.stored();
      }
    }

    Totals totals() {
      return new Totals(entries, files, bytes, changed);
    }
  }

  @Override
  void frame(Frame frame) {
    frame.give();
    frames.add(frame);
    submitReady(SETTLED);
    if (segments.isPresent()) {
      unfinished.add(frame);
      if (!turning && pipeline.length() >= segments.get().length()) {
        turn(segments.get());
      }
    }
  }

  /** Ends this object as an archive of everything so far, and continues in the next. */
  private void turn(Segments to) {
    turning = true;
    cutter.end();
    submitReady(1);
    submitEnd(count.totals());
    List<Frame> begun = List.copyOf(unfinished);
    pipeline.turn(
        () -> {
          String ended = to.next();
          pages.replaceAll(page -> page.object().isEmpty() ? page.in(ended) : page);
          objects.number(ended);
          begun.forEach(frame -> frame.settle(ended));
          turning = false;
        });
  }

  @Override
  void entry(PendingEntry entry) {
    count.add(entry);
    unfinished.clear();
    cutter.add(entry, previous.pageFrom(entry.entry().path(), entry.fingerprint()));
  }

  private void keep(Page page) {
    waiting.add(page);
    waitingWeight += page.weight();
    submitReady(SETTLED);
  }

  /** Hands over pages after the frames that they refer to, the last of which may be filling. */
  private void submitReady(int fewest) {
    List<Page> ready = waiting.stream().takeWhile(Page::isReady).toList();
    int weight = ready.stream().mapToInt(Page::weight).sum();
    if (weight >= fewest) {
      List<Frame> own = taken();
      pipeline.submit(offset -> settle(offset, ready, own));
      waiting.subList(0, ready.size()).clear();
      waitingWeight -= weight;
    }
  }

  private List<Frame> taken() {
    List<Frame> own = frames;
    frames = new ArrayList<>();
    return own;
  }

  /** A frame that fills slowly would keep pages in memory. */
  @Override
  boolean pageIsDue() {
    return waitingWeight >= MOST_WAITING;
  }

  @Override
  void page() {
    submitReady(SETTLED);
  }

  /** Writes several new pages at once, so that they are adjacent; earlier ones take no memory. */
  private ByteBuffer[] settle(long offset, List<Page> ready, List<Frame> own) {
    list(own);
    for (Page next : ready) {
      List<IndexedEntry> entries = next.placed();
      Optional<StoredPage> same = next.before().filter(before -> before.content().has(entries));
      if (same.isPresent() && shared.add(same.get().place())) {
        share(same.get(), entries.getFirst().entry().path());
      } else {
        settled.add(new Settled.New(entries));
        settledWeight += next.weight();
      }
    }
    return settledWeight < TOGETHER ? NOTHING : settledPages(offset).toArray(ByteBuffer[]::new);
  }

  private void list(List<Frame> own) {
    own.stream().map(Frame::place).filter(f -> f.object().isEmpty()).forEach(unlisted::add);
  }

  private void share(StoredPage before, TreePath first) {
    settled.add(new Settled.Earlier(before.place().from(first)));
    objects.number(before.place().object());
    before.content().objects().forEach(objects::number);
  }

  /** Adds the pages to the root; the first new one lists all frames before it. */
  private List<ByteBuffer> settledPages(long offset) {
    List<ByteBuffer> out = new ArrayList<>();
    for (Settled page : settled) {
      switch (page) {
        case Settled.Earlier(IndexRoot.Page place) -> pages.add(place);
        case Settled.New(List<IndexedEntry> entries) -> {
          IndexPage made = new IndexPage(unlisted, entries);
          unlisted.clear();
          made.objects().forEach(objects::number);
          out.addAll(List.of(stored(made, made.encode(), offset + length(out))));
        }
      }
    }
    settled.clear();
    settledWeight = 0;
    return out;
  }

  private static long length(List<ByteBuffer> parts) {
    return parts.stream().mapToLong(ByteBuffer::remaining).sum();
  }

  @Override
  void finish(Totals totals) {
    cutter.end();
    submitReady(1);
    // Frames that had no entry may have one now.
    pipeline.submit(
        _ -> {
          pages.removeIf(page -> page.entries() == 0);
          return NOTHING;
        });
    submitEnd(totals);
  }

  private void submitEnd(Totals totals) {
    List<Frame> own = taken();
    pipeline.submit(offset -> end(offset, own, totals));
  }

  private ByteBuffer[] end(long offset, List<Frame> own, Totals totals) {
    list(own);
    List<ByteBuffer> out = settledPages(offset);
    if (!unlisted.isEmpty()) {
      IndexPage rest = new IndexPage(unlisted, List.of());
      unlisted.clear();
      out.addAll(List.of(stored(rest, rest.encode(), offset + length(out))));
    }
    IndexRoot root = root(totals);
    if (offset == 0 && out.isEmpty() && previous.isSame(root)) {
      return NOTHING;
    }
    out.addAll(List.of(stored(root, offset + length(out))));
    return out.toArray(ByteBuffer[]::new);
  }
}
