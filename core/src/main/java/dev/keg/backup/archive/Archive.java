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
 * An archive, read through its index. Opening reads its end once; everything else is read on demand
 * and checked against its known hash. Several threads may iterate entries, each with its own
 * iterator.
 */
public final class Archive implements AutoCloseable {
  /** The suffix of an archive that holds only what has changed since an earlier one. */
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

  /** An index page and its location, which may be in an earlier archive. */
  public record StoredPage(IndexRoot.Page place, IndexPage content) {}

  /** Reads the index's root; some pages may be in others of these objects. */
  public static Archive open(String name, ArchiveSources.Opener objects) {
    return open(name, objects.open(name), objects);
  }

  /** Opens an archive whose pages are all its own. */
  public static Archive open(String name, RangeSource source) {
    return open(
        name,
        source,
        object -> {
          throw new InvalidArchive(name, "in its index", "it needs " + object);
        });
  }

  /** The archive closes the source, even if this fails. */
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

  /** The SHA-256 that identifies the whole index, and through it the whole archive. */
  public ByteString hash() {
    return footer.sha256();
  }

  /** The end of its pages and frames, where the head of the root begins. */
  public long end() {
    return footer.offset() - Skippable.HEAD;
  }

  /** The earlier objects that a restore of it requires. */
  public List<String> objects() {
    return root.objects().list();
  }

  /**
   * Whether it holds only what has changed. An archive in which no file has content refers to no
   * earlier object anyway.
   */
  boolean isPartial() {
    return !objects().isEmpty() || name.endsWith(PARTIAL);
  }

  /** Whether another root would describe the same archive. */
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

  /** Its frames and those elsewhere that it refers to; valid while the archive is open. */
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

  /** The entries that can be read. */
  public Iterator<IndexedEntry> entries(Consumer<LostPage> lost) {
    return entries(_ -> {}, lost);
  }

  /** The same; at the end, also reports the archive's frames without file content. */
  public Iterator<IndexedEntry> entries(
      Consumer<FrameRef> withoutContent, Consumer<LostPage> lost) {
    return new PageWalk.Entries(this, pages(lost), withoutContent);
  }

  /** Decides from its first path, and the one after its end, whether to read a page. */
  @FunctionalInterface
  public interface PageFilter {
    /**
     * Whether to read this page; nothing comes next after the last one. Called more than once for a
     * page.
     */
    boolean wants(TreePath first, Optional<TreePath> next);

    /** Every page. */
    static PageFilter all() {
      return (_, _) -> true;
    }

    /** The pages that may contain the path, or anything below it. */
    static PageFilter within(TreePath tree) {
      return (first, next) ->
          (first.compareTo(tree) <= 0 || first.isWithin(tree))
              && next.filter(path -> path.compareTo(tree) <= 0).isEmpty();
    }
  }

  /** The entries of the wanted pages, as far as they can be read; no other page is read. */
  public Iterator<IndexedEntry> entries(PageFilter filter, Consumer<LostPage> lost) {
    IntPredicate wanted =
        number -> {
          IndexRoot.Page place = root.pages().get(number);
          return place.entries() > 0 && filter.wants(place.first(), next(number));
        };
    return new PageWalk.Entries(this, new PageWalk(this, wanted, lost), _ -> {});
  }

  /** The first path after a page. */
  private Optional<TreePath> next(int number) {
    // Not skip(), which passes over all of them, for each page again.
    return root.pages().subList(number + 1, root.pages().size()).stream()
        .filter(page -> page.entries() > 0)
        .findFirst()
        .map(IndexRoot.Page::first);
  }

  /**
   * Checks of the parts that Keg skips but zstd needs to pass over the index; each throws what is
   * wrong.
   */
  public List<Runnable> headChecks() {
    List<Runnable> checks = new ArrayList<>();
    root.pages().stream().filter(this::isOwn).forEach(page -> checks.add(() -> requireHead(page)));
    checks.add(this::requireRootHead);
    return checks;
  }

  /** The pages stored in the archive itself, in storage order. */
  List<IndexRoot.Page> ownPages() {
    return root.pages().stream().filter(this::isOwn).toList();
  }

  boolean isOwn(IndexRoot.Page page) {
    return page.object().equals(name);
  }

  /** One page after another, each read on demand. */
  public Iterator<StoredPage> pages() {
    return pages(LostPage::fail);
  }

  /** The pages that can be read. */
  public Iterator<StoredPage> pages(Consumer<LostPage> lost) {
    return new PageWalk(this, _ -> true, lost);
  }

  /** The locations of its pages, in order. */
  public List<IndexRoot.Page> places() {
    return root.pages();
  }

  /** The pages at the wanted locations; may ask more than once about one. */
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
          name, "in its index", "the header of the page at byte %d is damaged".formatted(payload));
    }
  }

  /** The entry for a path; reads one page. */
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

  /** Keeps the last page, since the next lookup is often for a neighbor. */
  private IndexPage lookup(IndexRoot.Page place) {
    Decoded known = last;
    if (known == null || !known.place().equals(place)) {
      known = new Decoded(place, page(place));
      last = known;
    }
    return known.page();
  }

  /** A single page. */
  public IndexPage page(IndexRoot.Page place) {
    int number = root.pages().indexOf(place);
    return Objects.requireNonNull(page(number, () -> pages.page(place), LostPage::fail)).content();
  }

  /** The n-th page, for a caller that continues with these; null if it is lost. */
  @Nullable StoredPage page(int number, IntPredicate wanted, Consumer<LostPage> lost) {
    return page(number, () -> pages.page(number, wanted), lost);
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
