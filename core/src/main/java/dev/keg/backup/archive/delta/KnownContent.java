package dev.keg.backup.archive.delta;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.Archive.StoredPage;
import dev.keg.backup.archive.LostPage;
import dev.keg.backup.archive.frame.FrameHash;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Avoided;
import dev.keg.backup.archive.index.IndexPage;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Finds content in earlier archives by its hash, so that it is not written again: small files and
 * the frames of large ones. For each, memory holds only a number that tells the page to look at.
 * Thread-safe.
 */
public final class KnownContent {
  /**
   * The number of entries to keep decoded, in whole pages: files that move together were together
   * before. They take about 10 MB, however many files there are.
   */
  private static final int DECODED = 20_000;

  /**
   * A page whose entries have numbers, or its frames: an interrupted backup has parts of a file
   * without an entry.
   */
  private record NumberedPage(Archive archive, IndexRoot.Page page, boolean byFrame, int first) {
    List<Hashed> hashed(IndexPage content, int number) {
      int index = number - first;
      return byFrame
          ? List.of(new Hashed(content.frames().get(index)))
          : KnownContent.hashed(content.entries().get(index));
    }
  }

  private final Set<IndexRoot.Page> met = new HashSet<>();

  /** By the number of the first entry or frame of each. */
  private final NavigableMap<Integer, NumberedPage> pages = new TreeMap<>();

  private final ContentTable table = new ContentTable();
  private final Avoided avoided;

  /** Ordered by use; the most recently used page is last. */
  private final LinkedHashMap<Integer, IndexPage> decoded = new LinkedHashMap<>(64, 0.75f, true);

  private int entries;
  private int next = 1;

  /**
   * @param avoided content that must not be referred to
   */
  public KnownContent(Avoided avoided) {
    this.avoided = avoided;
  }

  /**
   * Reads the whole index, as far as possible. The archive must stay open while its content is in
   * use.
   */
  public void add(Archive archive, Consumer<LostPage> lost) {
    add(archive, _ -> {}, lost);
  }

  /** The same for a caller that also needs each page. */
  public void add(Archive archive, Consumer<StoredPage> read, Consumer<LostPage> lost) {
    table.expect(archive.totals().files());
    for (Iterator<StoredPage> all = archive.pages(lost); all.hasNext(); ) {
      StoredPage page = all.next();
      read.accept(page);
      if (!met.add(page.place())) {
        continue;
      }
      List<IndexedEntry> entries = page.content().entries();
      number(new NumberedPage(archive, page.place(), false, next), entries.size(), page.content());
    }
  }

  /**
   * Adds the frames listed on an archive's pages that no entry refers to. Only for an archive that
   * no backup has: in others, such frames may be gone.
   */
  public void addFrames(Archive archive) {
    for (Iterator<StoredPage> all = archive.pages(_ -> {}); all.hasNext(); ) {
      StoredPage page = all.next();
      List<FrameRef> frames = page.content().frames();
      number(new NumberedPage(archive, page.place(), true, next), frames.size(), page.content());
    }
  }

  /** What no number is left for is written again. */
  private void number(NumberedPage page, int count, IndexPage content) {
    if (count == 0 || count > Integer.MAX_VALUE - next) {
      return;
    }
    pages.put(page.first(), page);
    next += count;
    for (int number = page.first(); number < next; number++) {
      for (Hashed hashed : page.hashed(content, number)) {
        if (isUsable(hashed)) {
          table.put(hashed.hash(), number);
        }
      }
    }
  }

  public boolean isEmpty() {
    return pages.isEmpty();
  }

  private record Hashed(FrameHash hash, List<Slice> slices) {
    Hashed(FrameHash hash, Slice slice) {
      this(hash, List.of(slice));
    }

    Hashed(FrameRef frame) {
      this(frame.hash(), new Slice(frame, 0, frame.length()));
    }

    long length() {
      return slices.stream().mapToLong(Slice::length).sum();
    }
  }

  private boolean isUsable(Hashed hashed) {
    for (Slice slice : hashed.slices()) {
      if (avoided.has(slice.frame())) {
        return false;
      }
    }
    return true;
  }

  private static List<Hashed> hashed(IndexedEntry entry) {
    List<Hashed> hashed = new ArrayList<>();
    for (Slice slice : entry.slices()) {
      if (slice.isWholeFrame()) {
        hashed.add(new Hashed(slice.frame().hash(), slice));
      }
    }
    // A single slice is that of a small file, which is kept with the headers before it; a part of a
    // large file is kept without.
    entry.runs().stream()
        .filter(run -> run.count() > 1)
        .forEach(run -> hashed.add(new Hashed(run.hash(), List.copyOf(run.of(entry.slices())))));
    if (entry.slices().size() == 1 && !entry.changedWhileRead()) {
      entry.content().ifPresent(hash -> hashed.add(new Hashed(hash, entry.slices().getFirst())));
    }
    return hashed;
  }

  /** Where bytes with this length and hash are stored, in order. */
  public synchronized Optional<List<Slice>> find(FrameHash hash, int length) {
    OptionalInt found = table.get(hash);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    int number = found.getAsInt();
    NumberedPage page = Objects.requireNonNull(pages.floorEntry(number)).getValue();
    return page.hashed(content(page), number).stream()
        .filter(hashed -> hashed.hash().equals(hash))
        .filter(hashed -> hashed.length() == length && isUsable(hashed))
        .map(Hashed::slices)
        .findFirst();
  }

  private IndexPage content(NumberedPage place) {
    IndexPage known = decoded.get(place.first());
    if (known != null) {
      return known;
    }
    IndexPage page = place.archive().page(place.page());
    decoded.put(place.first(), page);
    entries += weight(page);
    while (entries > DECODED && decoded.size() > 1) {
      entries -= weight(decoded.pollFirstEntry().getValue());
    }
    return page;
  }

  /** The weight of a page; one with only frames may have very many. */
  private static int weight(IndexPage page) {
    return Math.max(page.entries().size(), page.frames().size() / 4);
  }
}
