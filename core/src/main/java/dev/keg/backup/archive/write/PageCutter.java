package dev.keg.backup.archive.write;

import dev.keg.backup.archive.Archive.StoredPage;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.write.PendingEntry.Part;
import dev.keg.tree.ByteString;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind.Directory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Decides where pages of an index of version 2 end: at names whose hash says so, so that a new file
 * changes only one page; and around a large directory and its name, so that renaming it changes
 * neither its content nor its neighbors. A page also ends where the previous one ended, which may
 * have been the end of an object.
 */
final class PageCutter {
  /**
   * The first pages have about 320 entries, or 11 KB, which is the cost of a new file. With more
   * entries pages become longer, so that the root, which names all pages, stays short.
   */
  private static final int FIRST_BITS = 8;

  private static final int LAST_BITS = 11;
  private static final int FIRST_ENTRIES = 1 << 16;

  /**
   * A large directory has this many pages, so that the two that its name and its end cost are worth
   * it.
   */
  private static final int LARGE = 4;

  private static final int MOST = 4096;
  private static final int MOST_PARTS = 1 << 14;

  /** The limit for large attributes of waiting entries, which are all in memory. */
  private static final int MOST_WEIGHT = 1 << 13;

  private final Consumer<Page> pages;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Deque<Waiting> open = new ArrayDeque<>();
  private long met;
  private long placed;
  private long heavy;
  private Page page = new Page(0);

  PageCutter(Consumer<Page> pages) {
    this.pages = pages;
  }

  /**
   * An entry whose page may depend on the size of a directory, its own or one before it, that has
   * not ended yet.
   */
  private static final class Waiting {
    private final PendingEntry pending;
    private final Optional<StoredPage> before;
    private final long number;
    private long end = Long.MAX_VALUE;

    /** The size of the largest of the directories that ended before it. */
    private long left;

    Waiting(PendingEntry pending, Optional<StoredPage> before, long number) {
      this.pending = pending;
      this.before = before;
      this.number = number;
    }
  }

  /** Entries that belong together, and the earlier page that began with the first of them. */
  static final class Page {
    private final List<PendingEntry> entries = new ArrayList<>();
    private final int bits;
    private Optional<StoredPage> before = Optional.empty();
    private @Nullable Frame open;
    private int parts;
    private int weight;

    /**
     * @param before the number of entries on earlier pages
     */
    private Page(long before) {
      int bits = FIRST_BITS;
      for (long end = FIRST_ENTRIES; before >= end && bits < LAST_BITS; end *= 4) {
        bits++;
      }
      this.bits = bits;
    }

    /** The number of entries, plus the extra weight of large attributes. */
    int weight() {
      return weight;
    }

    Optional<StoredPage> before() {
      return before;
    }

    private void add(Waiting next) {
      if (entries.isEmpty()) {
        before = next.before;
      }
      entries.add(next.pending);
      parts += next.pending.slices();
      weight += next.pending.weight();
      for (Part part : next.pending.parts()) {
        open = part.frame().isGiven() ? open : part.frame();
      }
    }

    /**
     * Whether all frames that it refers to were submitted; only the last one may still be filling.
     */
    boolean isReady() {
      return open == null || open.isGiven();
    }

    /** Whether the earlier page that began with the same entry ended with this one. */
    private boolean endsAsBefore() {
      return before
          .map(page -> page.content().entries())
          .filter(old -> old.size() == entries.size())
          .map(old -> name(old.getLast().entry()).equals(name(entries.getLast().entry())))
          .orElse(false);
    }

    private static ByteString name(Entry entry) {
      return entry.path().name();
    }

    private int large() {
      return LARGE << bits;
    }

    private boolean isFull() {
      return weight >= MOST
          || parts >= MOST_PARTS
          || (entries.size() >= 1 << (bits - 2) && isCut(entries.getLast().entry()));
    }

    /**
     * Must never change, or earlier pages would not be recognised. Uses nothing that changes if a
     * parent directory is renamed; the time distinguishes files with the same name.
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

  /**
   * @param before the page that began with the entry in the previous archive
   */
  void add(PendingEntry pending, Optional<StoredPage> before) {
    Waiting next = new Waiting(pending, before, met);
    Entry entry = pending.entry();
    while (!open.isEmpty() && !entry.path().isWithin(open.peek().pending.entry().path())) {
      Waiting ended = open.pop();
      ended.end = met;
      next.left = Math.max(next.left, met - ended.number);
    }
    if (entry.kind() instanceof Directory) {
      open.push(next);
    }
    waiting.add(next);
    heavy += pending.weight() - 1;
    met++;
    while (!waiting.isEmpty() && (isDecided(waiting.peek()) || heavy > MOST_WEIGHT)) {
      place(waiting.remove());
    }
  }

  /** Whether no later entry can change the page that it is on. */
  private boolean isDecided(Waiting next) {
    return !(next.pending.entry().kind() instanceof Directory)
        || next.end < Long.MAX_VALUE
        || met - next.number > page.large();
  }

  /** Called after the last entry. */
  void end() {
    waiting.forEach(this::place);
    waiting.clear();
    cut();
  }

  private void place(Waiting next) {
    heavy -= next.pending.weight() - 1;
    boolean isLarge =
        next.pending.entry().kind() instanceof Directory
            && Math.min(next.end, met) - next.number > page.large();
    if (isLarge || next.left > page.large()) {
      cut();
    }
    page.add(next);
    placed++;
    if (isLarge || page.isFull() || page.endsAsBefore()) {
      cut();
    }
  }

  private void cut() {
    if (page.weight() > 0) {
      pages.accept(page);
      page = new Page(placed);
    }
  }
}
