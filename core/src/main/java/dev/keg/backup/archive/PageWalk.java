package dev.keg.backup.archive;

import dev.keg.backup.archive.Archive.StoredPage;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexPage;
import dev.keg.backup.archive.index.IndexedEntry;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Walks an index in order, skipping pages that cannot be read or are not wanted. */
final class PageWalk implements Iterator<StoredPage> {
  private final Archive archive;
  private final IntPredicate wanted;
  private final Consumer<LostPage> lost;
  private int number;
  private @Nullable StoredPage next;

  /**
   * @param wanted selects the pages to read, by number; called more than once for a page
   * @param lost receives those that cannot be read, in order
   */
  PageWalk(Archive archive, IntPredicate wanted, Consumer<LostPage> lost) {
    this.archive = archive;
    this.wanted = wanted;
    this.lost = lost;
  }

  @Override
  public boolean hasNext() {
    for (; next == null && number < archive.root().pages().size(); number++) {
      if (wanted.test(number)) {
        next = archive.page(number, wanted, lost);
      }
    }
    return next != null;
  }

  @Override
  public StoredPage next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    StoredPage page = next;
    next = null;
    return page;
  }

  /** The entries of one page after another. */
  static final class Entries implements Iterator<IndexedEntry> {
    private final Archive archive;
    private final Iterator<StoredPage> pages;
    private final Consumer<FrameRef> withoutContent;
    private final Set<FrameRef> unused = new LinkedHashSet<>();
    private Iterator<IndexedEntry> entries = Collections.emptyIterator();

    /**
     * @param withoutContent receives, at the end, the archive's own frames without file content
     */
    Entries(Archive archive, Iterator<StoredPage> pages, Consumer<FrameRef> withoutContent) {
      this.archive = archive;
      this.pages = pages;
      this.withoutContent = withoutContent;
    }

    @Override
    public boolean hasNext() {
      while (!entries.hasNext() && pages.hasNext()) {
        StoredPage page = pages.next();
        if (archive.isOwn(page.place())) {
          note(page.content());
        }
        entries = page.content().entries().iterator();
      }
      if (!entries.hasNext()) {
        unused.forEach(withoutContent);
        unused.clear();
      }
      return entries.hasNext();
    }

    /** A frame that one page lists may have the content of files on the next page. */
    private void note(IndexPage page) {
      unused.addAll(page.frames());
      for (IndexedEntry entry : page.entries()) {
        entry.slices().forEach(slice -> unused.remove(slice.frame()));
      }
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
