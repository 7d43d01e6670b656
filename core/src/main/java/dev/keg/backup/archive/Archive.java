package dev.keg.backup.archive;

import dev.keg.backup.archive.frame.FrameKey;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.frame.Sha256;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexPage;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.RangeSource;
import dev.keg.backup.archive.index.Skippable;
import dev.keg.backup.archive.index.Totals;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.RegistryException.NewerSchema;
import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
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

  /** Enough for the root of most archives, in one read with the footer. */
  private static final int TAIL = 64 << 10;

  /** So much of the index is kept, since a restore passes through it three times. */
  private static final int KEPT = 8 << 20;

  private final String name;
  private final RangeSource source;
  private final IndexRoot root;
  private final Footer footer;
  private final Map<Long, ByteBuffer> pages = new HashMap<>();
  private int kept;
  private volatile @Nullable Decoded last;

  private record Decoded(IndexRoot.Page place, IndexPage page) {}

  private Archive(String name, RangeSource source, IndexRoot root, Footer footer) {
    this.name = name;
    this.source = source;
    this.root = root;
    this.footer = footer;
  }

  /** Reads the index's root. The archive closes the source, also when this fails. */
  public static Archive open(String name, RangeSource source) {
    try {
      return read(name, source);
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  private static Archive read(String name, RangeSource source) {
    long length = source.length();
    ByteBuffer tail = ByteBuffer.allocate((int) Math.min(TAIL, length));
    source.read(length - tail.capacity(), tail);
    byte[] last = new byte[Math.min(Footer.SIZE, tail.capacity())];
    tail.flip().get(tail.limit() - last.length, last);
    if (!Footer.isOne(last)) {
      throw new InvalidArchive(
          name,
          "at its end",
          "there is no index: it was cut off, or is no archive of Keg's",
          "keg import reads any tar archive as far as it goes");
    }
    return checked(
        name,
        () -> {
          Footer footer = footer(name, last);
          if (footer.offset() + footer.stored() + Footer.SIZE != length) {
            throw new IllegalArgumentException("the footer does not fit the archive's length");
          }
          ByteBuffer payload = payload(source, tail, length, footer.offset(), footer.stored());
          requireHash(payload, footer.sha256());
          byte[] content = Skippable.unpack(Skippable.ROOT, payload, footer.length());
          return new Archive(name, source, IndexRoot.decode(content), footer);
        });
  }

  private static Footer footer(String name, byte[] bytes) {
    try {
      return Footer.decode(bytes);
    } catch (Footer.Newer e) {
      throw new NewerSchema(name, e.version, Footer.VERSION);
    }
  }

  private static ByteBuffer payload(
      RangeSource source, ByteBuffer tail, long length, long offset, int stored) {
    long inTail = offset - (length - tail.capacity());
    if (inTail >= 0) {
      return tail.duplicate().position((int) inTail).limit((int) inTail + stored);
    }
    ByteBuffer payload = ByteBuffer.allocate(stored);
    source.read(offset, payload);
    return payload.flip();
  }

  private static void requireHash(ByteBuffer payload, ByteString sha256) {
    if (!Sha256.of(payload).equals(sha256)) {
      throw new IllegalArgumentException("the index is damaged: its hash is wrong");
    }
  }

  private static <T> T checked(String name, Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
      throw new InvalidArchive(name, "in its index", String.valueOf(e.getMessage()));
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

  /** The earlier objects that it cannot be restored without. */
  public List<String> objects() {
    return root.objects().list();
  }

  /**
   * Whether it holds only what has changed. One in which no file has content refers to no earlier
   * object all the same.
   */
  boolean isPartial() {
    return !objects().isEmpty() || name.endsWith(PARTIAL);
  }

  public FrameKey key() {
    return root.key();
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
    return new Pages(root.pages().iterator(), null);
  }

  /** The same; tells on the way of the archive's frames in which no file has content. */
  public Iterator<IndexedEntry> entries(Consumer<FrameRef> withoutContent) {
    return new Pages(root.pages().iterator(), withoutContent);
  }

  /** Whether a page is worth reading that begins with a path, and ends before another. */
  @FunctionalInterface
  public interface PageFilter {
    /** Of the last page, nothing comes next. */
    boolean wants(TreePath first, Optional<TreePath> next);
  }

  /** The entries of the pages that are wanted; no other page is read. */
  public Iterator<IndexedEntry> entries(PageFilter filter) {
    List<IndexRoot.Page> filled = root.pages().stream().filter(page -> page.entries() > 0).toList();
    List<IndexRoot.Page> wanted = new ArrayList<>();
    for (int i = 0; i < filled.size(); i++) {
      Optional<TreePath> next =
          i + 1 < filled.size() ? Optional.of(filled.get(i + 1).first()) : Optional.empty();
      if (filter.wants(filled.get(i).first(), next)) {
        wanted.add(filled.get(i));
      }
    }
    return new Pages(wanted.iterator(), null);
  }

  /**
   * Looks at what zstd needs to pass over the index, and Keg does not: each throws what is wrong.
   */
  public List<Runnable> headChecks() {
    List<Runnable> checks = new ArrayList<>();
    root.pages().forEach(page -> checks.add(() -> requireHead(page)));
    checks.add(this::requireRootHead);
    return checks;
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

  /** Who looks for one file often looks for its neighbor next. */
  private IndexPage lookup(IndexRoot.Page place) {
    Decoded known = last;
    if (known == null || known.place().offset() != place.offset()) {
      known = new Decoded(place, page(place));
      last = known;
    }
    return known.page();
  }

  IndexPage page(IndexRoot.Page place) {
    return checked(
        name,
        () -> {
          if (place.offset() + place.stored() > footer.offset() - Skippable.HEAD) {
            throw new IllegalArgumentException("a page outside of the archive");
          }
          ByteBuffer payload = payload(place);
          byte[] content = Skippable.unpack(Skippable.PAGE, payload, place.length());
          return IndexPage.decode(content, name, root.objects());
        });
  }

  private synchronized ByteBuffer payload(IndexRoot.Page place) {
    @Nullable ByteBuffer known = pages.get(place.offset());
    if (known != null) {
      return known.duplicate();
    }
    ByteBuffer payload = ByteBuffer.allocate(place.stored());
    source.read(place.offset(), payload);
    requireHash(payload.flip(), place.sha256());
    if (kept + place.stored() <= KEPT) {
      kept += place.stored();
      pages.put(place.offset(), payload.duplicate());
    }
    return payload;
  }

  @Override
  public void close() {
    source.close();
  }

  /** The entries of one page after the other. */
  private final class Pages implements Iterator<IndexedEntry> {
    private final Iterator<IndexRoot.Page> pages;
    private final @Nullable Consumer<FrameRef> withoutContent;
    private Iterator<IndexedEntry> entries = Collections.emptyIterator();

    Pages(Iterator<IndexRoot.Page> pages, @Nullable Consumer<FrameRef> withoutContent) {
      this.pages = pages;
      this.withoutContent = withoutContent;
    }

    @Override
    public boolean hasNext() {
      while (!entries.hasNext() && pages.hasNext()) {
        IndexPage page = page(pages.next());
        if (withoutContent != null) {
          page.withoutContent().forEach(withoutContent);
        }
        entries = page.entries().iterator();
      }
      return entries.hasNext();
    }

    @Override
    public IndexedEntry next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return entries.next();
    }
  }
}
