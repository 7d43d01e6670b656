package dev.keg.backup.archive;

import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexPage;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.archive.index.Skippable;
import dev.keg.backup.archive.index.Totals;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An archive that is read by its index. Opening reads its end, once; everything else is read when
 * it is asked for, and checked against the hash that is known of it. Entries may be iterated by
 * several threads, each with an iterator of its own.
 */
public final class Archive implements AutoCloseable {
  /** How the name of an archive ends that holds only what has changed since an earlier one. */
  public static final String PARTIAL = ".inc.tar.zst";

  private final String name;
  private final RangeSource source;
  private final ArchiveSources.Opener others;
  private final IndexRoot root;
  private final Footer footer;
  private final PageReader pages;
  private volatile @Nullable Decoded last;

  private record Decoded(IndexRoot.Page place, IndexPage page) {}

  private Archive(
      String name,
      RangeSource source,
      ArchiveSources.Opener others,
      IndexRoot root,
      Footer footer) {
    this.name = name;
    this.source = source;
    this.others = others;
    this.root = root;
    this.footer = footer;
    pages = new PageReader(name, source, others, root, footer.offset() - Skippable.HEAD);
  }

  /** An index page, and where it lies: perhaps in an earlier archive. */
  public record StoredPage(IndexRoot.Page place, IndexPage content) {}

  /** Reads the index's root; pages of it may lie in others of these objects. */
  public static Archive open(String name, ArchiveSources.Opener objects) {
    return open(name, objects.open(name), objects);
  }

  /** One of which no page lies elsewhere. */
  public static Archive open(String name, RangeSource source) {
    return open(
        name,
        source,
        object -> {
          throw new InvalidArchive(name, "in its index", "it needs " + object);
        });
  }

  /** The archive closes the source, also when this fails. */
  private static Archive open(String name, RangeSource source, ArchiveSources.Opener others) {
    try {
      ArchiveEnd end = ArchiveEnd.read(name, source);
      return new Archive(name, source, others, end.root(), end.footer());
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  public String name() {
    return name;
  }

  public Totals totals() {
    return root.totals();
  }

  public ByteString description() {
    return root.description();
  }

  /** The SHA-256 that stands for the whole index, and by it for the whole archive. */
  public ByteString hash() {
    return footer.sha256();
  }

  /** Where its pages and frames end, and the head of the root begins. */
  public long end() {
    return footer.offset() - Skippable.HEAD;
  }

  /** The earlier objects that it cannot be restored without. */
  public List<String> objects() {
    return root.objects().list();
  }

  /**
   * Whether it holds only what has changed. One in which no file has content refers to no earlier
   * object anyway.
   */
  boolean isPartial() {
    return !objects().isEmpty() || name.endsWith(PARTIAL);
  }

  /** Whether another root would say the same. */
  public boolean isSame(IndexRoot other) {
    return root.isSame(other);
  }

  /** The version of its index. */
  public int version() {
    return footer.version();
  }

  public FrameKey key() {
    return root.key();
  }

  /** Its frames and those elsewhere that it refers to; the archive stays open meanwhile. */
  public ArchiveSources sources() {
    return new ArchiveSources(this, others);
  }

  RangeSource source() {
    return source;
  }

  IndexRoot root() {
    return root;
  }

  Footer footer() {
    return footer;
  }

  /** All entries in the order of a walk. */
  public Iterator<IndexedEntry> entries() {
    return entries(LostPage::fail);
  }

  /** Those that can be read. */
  public Iterator<IndexedEntry> entries(Consumer<LostPage> lost) {
    return entries(_ -> {}, lost);
  }

  /** The same; tells on the way of the archive's frames in which no file has content. */
  public Iterator<IndexedEntry> entries(
      Consumer<FrameRef> withoutContent, Consumer<LostPage> lost) {
    return new PageWalk.Entries(this, pages(lost), withoutContent);
  }

  /** Whether a page is worth reading that begins with a path, and ends before another. */
  @FunctionalInterface
  public interface PageFilter {
    /** Of the last page, nothing comes next. */
    boolean wants(TreePath first, Optional<TreePath> next);
  }

  /** The entries of the pages that are wanted and can be read; no other page is read. */
  public Iterator<IndexedEntry> entries(PageFilter filter, Consumer<LostPage> lost) {
    IntPredicate wanted =
        number -> {
          IndexRoot.Page place = root.pages().get(number);
          return place.entries() > 0 && filter.wants(place.first(), next(number));
        };
    return new PageWalk.Entries(this, new PageWalk(this, wanted, lost), _ -> {});
  }

  /** The first path behind a page. */
  private Optional<TreePath> next(int number) {
    return root.pages().stream()
        .skip(number + 1L)
        .filter(page -> page.entries() > 0)
        .findFirst()
        .map(IndexRoot.Page::first);
  }

  /**
   * Looks at what zstd needs to pass over the index, and Keg does not: each throws what is wrong.
   */
  public List<Runnable> headChecks() {
    List<Runnable> checks = new ArrayList<>();
    root.pages().stream().filter(this::isOwn).forEach(page -> checks.add(() -> requireHead(page)));
    checks.add(this::requireRootHead);
    return checks;
  }

  /** The pages that lie in the archive itself, in the order in which they lie there. */
  List<IndexRoot.Page> ownPages() {
    return root.pages().stream().filter(this::isOwn).toList();
  }

  boolean isOwn(IndexRoot.Page page) {
    return page.object().equals(name);
  }

  /** One page after the other, each read when it is asked for. */
  public Iterator<StoredPage> pages() {
    return pages(LostPage::fail);
  }

  /** Those that can be read. */
  public Iterator<StoredPage> pages(Consumer<LostPage> lost) {
    return new PageWalk(this, _ -> true, lost);
  }

  /** Where its pages lie, in their order. */
  public List<IndexRoot.Page> places() {
    return root.pages();
  }

  /** The pages at places that are wanted; no other is read. */
  public Iterator<StoredPage> pagesWhere(Predicate<IndexRoot.Page> wanted) {
    return new PageWalk(this, number -> wanted.test(root.pages().get(number)), LostPage::fail);
  }

  void requireHead(IndexRoot.Page page) {
    requireHead(page.offset(), page.stored());
  }

  void requireRootHead() {
    requireHead(footer.offset(), footer.stored() + Footer.SIZE);
  }

  private void requireHead(long payload, int length) {
    if (!Skippable.hasHead(source, payload, length)) {
      throw new InvalidArchive(
          name, "in its index", "the head of the page at byte %d is damaged".formatted(payload));
    }
  }

  /** The entry of that path; reads one page. */
  public Optional<IndexedEntry> find(TreePath path) {
    IndexRoot.Page candidate = null;
    for (IndexRoot.Page page : root.pages()) {
      if (page.entries() > 0 && page.first().compareTo(path) <= 0) {
        candidate = page;
      }
    }
    return candidate == null
        ? Optional.empty()
        : lookup(candidate).entries().stream()
            .filter(e -> e.entry().path().equals(path))
            .findFirst();
  }

  /** After one file, its neighbor is often looked for next. */
  private IndexPage lookup(IndexRoot.Page place) {
    Decoded known = last;
    if (known == null || !known.place().equals(place)) {
      known = new Decoded(place, page(place));
      last = known;
    }
    return known.page();
  }

  /** One page alone. */
  public IndexPage page(IndexRoot.Page place) {
    int number = root.pages().indexOf(place);
    return Objects.requireNonNull(page(number, () -> pages.page(place), LostPage::fail)).content();
  }

  /** The n-th page, for a caller that reads on; empty if it is lost. */
  @Nullable StoredPage page(int number, Consumer<LostPage> lost) {
    return page(number, () -> pages.page(number), lost);
  }

  private @Nullable StoredPage page(
      int number, Supplier<IndexPage> reading, Consumer<LostPage> lost) {
    IndexRoot.Page place = root.pages().get(number);
    String why;
    try {
      return new StoredPage(place, reading.get());
    } catch (IllegalArgumentException
        | ArithmeticException
        | DateTimeException
        | InvalidArchive e) {
      why = String.valueOf(e.getMessage());
    }
    lost.accept(LostPage.of(place, next(number), why));
    return null;
  }

  @Override
  public void close() {
    pages.close();
  }
}
