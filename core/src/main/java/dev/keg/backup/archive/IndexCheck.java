package dev.keg.backup.archive;

import dev.keg.backup.archive.Archive.StoredPage;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexPage;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Skippable;
import dev.keg.backup.archive.index.Slice;
import dev.keg.error.BackupException.InvalidArchive;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a whole index. Pages and frames must follow each other without gaps, from the first byte to
 * the root. A problem with one page is noted, and reading continues; any other is thrown.
 */
final class IndexCheck {
  private final Archive archive;
  private final List<String> findings = new ArrayList<>();
  private final Set<IndexRoot.Page> damaged = new LinkedHashSet<>();
  private final Map<String, Long> needed = new HashMap<>();
  private final Set<FrameRef> own = new HashSet<>();
  private boolean isComplete = true;
  private long end;
  private long entries;
  private long content;

  IndexCheck(Archive archive) {
    this.archive = archive;
  }

  void run() {
    archive.pages(this::lost).forEachRemaining(this::check);
    requireNext(archive.footer().offset() - Skippable.HEAD, end);
    archive.requireRootHead();
    if (isComplete && entries != archive.totals().entries()) {
      throw invalid(
          "it has %d entries and declares %d".formatted(entries, archive.totals().entries()));
    }
    if (isComplete && content != archive.totals().bytes()) {
      throw invalid(
          "its files have %d bytes and it declares %d"
              .formatted(content, archive.totals().bytes()));
    }
  }

  /** The problems with pages, one sentence for each in {@link #damaged}. */
  List<String> findings() {
    return findings;
  }

  Set<IndexRoot.Page> damaged() {
    return damaged;
  }

  /** Whether all pages could be read. */
  boolean isComplete() {
    return isComplete;
  }

  /** The length that each referenced object must have, by name. */
  Map<String, Long> needed() {
    return needed;
  }

  /** Frames before the page may be recorded only on it. */
  private void lost(LostPage page) {
    isComplete = false;
    note(page.place(), page.reason());
    if (archive.isOwn(page.place())) {
      end = page.place().end();
    }
  }

  private void note(IndexRoot.Page place, InvalidArchive reason) {
    damaged.add(place);
    findings.add(String.valueOf(reason.getMessage()));
  }

  private void check(StoredPage stored) {
    IndexRoot.Page place = stored.place();
    IndexPage page = stored.content();
    entries += page.entries().size();
    content += page.entries().stream().mapToLong(IndexedEntry::stored).sum();
    if (!archive.isOwn(place)) {
      needed.merge(place.object(), place.end(), Math::max);
      remember(page, Set.of());
      return;
    }
    if (!page.frames().isEmpty()) {
      requireNext(page.frames().getFirst().offset(), end);
      end = page.frames().getLast().end();
    }
    requireNext(place.offset() - Skippable.HEAD, end);
    end = place.end();
    try {
      archive.requireHead(place);
    } catch (InvalidArchive e) {
      note(place, e);
    }
    if (archive.version() == Footer.FIRST) {
      own.clear();
    }
    own.addAll(page.frames());
    remember(page, own);
  }

  /**
   * @param own the archive's own frames that its entries may refer to
   */
  private void remember(IndexPage page, Set<FrameRef> own) {
    for (IndexedEntry entry : page.entries()) {
      for (Slice slice : entry.slices()) {
        boolean isOwn = slice.frame().object().equals(archive.name());
        if (isOwn && isComplete && !own.contains(slice.frame())) {
          throw invalid("%s lies in a frame that does not exist".formatted(entry.entry().path()));
        }
        needed.merge(slice.frame().object(), slice.frame().end(), Math::max);
      }
    }
  }

  private void requireNext(long offset, long end) {
    if (offset != end) {
      throw invalid("there is unknown data between bytes %d and %d".formatted(end, offset));
    }
  }

  private InvalidArchive invalid(String why) {
    return new InvalidArchive(archive.name(), "in its index", why);
  }
}
