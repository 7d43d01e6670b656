package dev.keg.backup.archive.write;

import dev.keg.backup.archive.Archive.StoredPage;
import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.frame.FramePipeline;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexPage;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Totals;
import dev.keg.backup.archive.write.PendingEntry.Part;
import dev.keg.tree.ByteString;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind.Directory;
import dev.keg.tree.TreePath;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An index of version 2. Pages end where the hash of a name says so, so that a new file changes one
 * of them; a page that is the same as in the archive before is not written but referred to, and if
 * all are, nothing is written at all.
 */
final class SharedIndex extends ArchiveIndex {
  private static final ByteBuffer[] NOTHING = {};

  /** So many entries, on several pages that lie one behind the other, are read at once. */
  private static final int TOGETHER = 8 << 10;

  private static final int MOST_WAITING = 2 * TOGETHER;

  private final PreviousEntries previous;
  private final List<Page> waiting = new ArrayList<>();
  private long entries;
  private Page page = new Page(0);
  private List<Frame> frames = new ArrayList<>();

  // Of the writing thread.
  private final List<FrameRef> unlisted = new ArrayList<>();
  private final Set<IndexRoot.Page> shared = new HashSet<>();

  SharedIndex(
      FramePipeline pipeline, FrameKey key, ByteString description, PreviousEntries previous) {
    super(Footer.SHARING, pipeline, key, description);
    this.previous = previous;
  }

  /** Entries that belong together, and what was the page that began with the first of them. */
  private static final class Page {
    /**
     * The first pages have 320 entries, or 11 KB, which is what a new file costs; where there are
     * more entries they are longer, so that the root, which names all pages, stays short.
     */
    private static final int FIRST_BITS = 8;

    private static final int LAST_BITS = 11;
    private static final int FIRST_ENTRIES = 1 << 16;
    private static final int MOST = 4096;
    private static final int MOST_PARTS = 1 << 14;

    private final List<PendingEntry> entries = new ArrayList<>();
    private final int bits;
    private Optional<StoredPage> before = Optional.empty();
    private @Nullable Frame open;
    private int parts;

    /**
     * @param before how many entries there are on earlier pages
     */
    Page(long before) {
      int bits = FIRST_BITS;
      for (long end = FIRST_ENTRIES; before >= end && bits < LAST_BITS; end *= 4) {
        bits++;
      }
      this.bits = bits;
    }

    void add(PendingEntry entry) {
      entries.add(entry);
      parts += entry.parts().size();
      for (Part part : entry.parts()) {
        open = part.frame().isGiven() ? open : part.frame();
      }
    }

    boolean isReady() {
      return open == null || open.isGiven();
    }

    boolean isFull() {
      return entries.size() >= MOST
          || parts >= MOST_PARTS
          || (entries.size() >= 1 << (bits - 2) && isCut(entries.getLast().entry()));
    }

    /**
     * For ever the same, or no page would be recognised again. It asks for nothing that changes
     * when a directory above gets another name; the time tells files of the same name apart.
     */
    private boolean isCut(Entry entry) {
      CRC32C crc = new CRC32C();
      crc.update(entry.path().name().toArray());
      if (!(entry.kind() instanceof Directory)) {
        crc.update(entry.attributes().modified().toString().getBytes(StandardCharsets.US_ASCII));
      }
      return (crc.getValue() & ((1 << bits) - 1)) == 0;
    }

    List<IndexedEntry> placed() {
      return entries.stream().map(PendingEntry::placed).toList();
    }
  }

  @Override
  void frame(Frame frame) {
    frame.give();
    frames.add(frame);
    submitReady(TOGETHER);
  }

  @Override
  void entry(PendingEntry entry) {
    if (page.entries.isEmpty()) {
      page.before = previous.pageFrom(entry.entry().path(), entry.fingerprint());
    }
    page.add(entry);
    if (page.isFull()) {
      waiting.add(page);
      entries += page.entries.size();
      page = new Page(entries);
      submitReady(TOGETHER);
    }
  }

  /**
   * A page is written after the frames that it speaks of; the last of them may still be filled.
   * Several lie one behind the other, so that they are read at once.
   */
  private void submitReady(int fewest) {
    List<Page> ready = waiting.stream().takeWhile(Page::isReady).toList();
    if (entries(ready) >= fewest) {
      submit(ready);
      waiting.subList(0, ready.size()).clear();
    }
  }

  private static int entries(List<Page> pages) {
    return pages.stream().mapToInt(page -> page.entries.size()).sum();
  }

  /** A frame that is hardly filled would keep pages in memory. */
  @Override
  boolean pageIsDue() {
    return entries(waiting) >= MOST_WAITING;
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
    if (next.before.filter(before -> before.content().has(entries)).isPresent()
        && shared.add(next.before.get().place())) {
      share(next.before.get(), entries.getFirst().entry().path());
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
    if (!page.entries.isEmpty()) {
      waiting.add(page);
    }
    submitReady(1);
    pipeline.submit(offset -> end(offset, totals));
  }

  private ByteBuffer[] end(long offset, Totals totals) {
    frames.stream().map(Frame::place).filter(f -> f.object().isEmpty()).forEach(unlisted::add);
    if (unlisted.isEmpty()) {
      IndexRoot root = root(totals);
      return offset == 0 && previous.isSame(root) ? NOTHING : stored(root, offset);
    }
    IndexPage rest = new IndexPage(unlisted, List.of());
    ByteBuffer[] last = stored(rest, rest.encode(), offset);
    long end = offset + last[0].remaining() + last[1].remaining();
    return Stream.of(last, stored(root(totals), end))
        .flatMap(Stream::of)
        .toArray(ByteBuffer[]::new);
  }
}
