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
import java.util.stream.Stream;

/**
 * An index of version 2. A page that equals one in the previous archive is referred to instead of
 * written; if all do, nothing is written at all.
 */
final class SharedIndex extends ArchiveIndex {
  private static final ByteBuffer[] NOTHING = {};

  /** The number of entries, on adjacent pages, to read at once. */
  private static final int TOGETHER = 8 << 10;

  private static final int MOST_WAITING = 2 * TOGETHER;

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
    submitReady(TOGETHER);
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
    submitReady(TOGETHER);
  }

  /**
   * Writes pages after the frames that they refer to, the last of which may still be filling.
   * Several pages are adjacent, so that they are read at once.
   */
  private void submitReady(int fewest) {
    List<Page> ready = waiting.stream().takeWhile(Page::isReady).toList();
    int weight = ready.stream().mapToInt(Page::weight).sum();
    if (weight >= fewest) {
      submit(ready);
      waiting.subList(0, ready.size()).clear();
      waitingWeight -= weight;
    }
  }

  /** A frame that fills slowly would keep pages in memory. */
  @Override
  boolean pageIsDue() {
    return waitingWeight >= MOST_WAITING;
  }

  @Override
  void page() {
    submitReady(TOGETHER);
  }

  private void submit(List<Page> together) {
    List<Frame> own = frames;
    frames = new ArrayList<>();
    pipeline.submit(offset -> encode(offset, together, own));
  }

  private ByteBuffer[] encode(long offset, List<Page> together, List<Frame> own) {
    own.stream().map(Frame::place).filter(f -> f.object().isEmpty()).forEach(unlisted::add);
    List<ByteBuffer> out = new ArrayList<>();
    long at = offset;
    for (Page next : together) {
      for (ByteBuffer part : encode(at, next)) {
        out.add(part);
        at += part.remaining();
      }
    }
    return out.toArray(ByteBuffer[]::new);
  }

  private ByteBuffer[] encode(long offset, Page next) {
    List<IndexedEntry> entries = next.placed();
    if (next.before().filter(before -> before.content().has(entries)).isPresent()
        && shared.add(next.before().get().place())) {
      share(next.before().get(), entries.getFirst().entry().path());
      return NOTHING;
    }
    IndexPage made = new IndexPage(unlisted, entries);
    unlisted.clear();
    made.objects().forEach(objects::number);
    return stored(made, made.encode(), offset);
  }

  private void share(StoredPage before, TreePath first) {
    pages.add(before.place().from(first));
    objects.number(before.place().object());
    before.content().objects().forEach(objects::number);
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
    List<Frame> own = frames;
    frames = new ArrayList<>();
    pipeline.submit(offset -> end(offset, own, totals));
  }

  private ByteBuffer[] end(long offset, List<Frame> own, Totals totals) {
    own.stream().map(Frame::place).filter(f -> f.object().isEmpty()).forEach(unlisted::add);
    if (unlisted.isEmpty()) {
      IndexRoot root = root(totals);
      return offset == 0 && previous.isSame(root) ? NOTHING : stored(root, offset);
    }
    IndexPage rest = new IndexPage(unlisted, List.of());
    unlisted.clear();
    ByteBuffer[] last = stored(rest, rest.encode(), offset);
    long end = offset + last[0].remaining() + last[1].remaining();
    return Stream.of(last, stored(root(totals), end))
        .flatMap(Stream::of)
        .toArray(ByteBuffer[]::new);
  }
}
