package dev.keg.backup.archive;

import dev.keg.backup.archive.Archive.StoredPage;
import dev.keg.backup.archive.FramePrefetch.Plain;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexPage;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.archive.index.Thinned;
import dev.keg.backup.tar.TarLimits;
import dev.keg.backup.tar.TarReader;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.VolumeException;
import dev.keg.tree.Entry;
import dev.keg.tree.TreePath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Checks an archive. {@link #quick} reads the index and checks that every object exists with the
 * right length. {@link #full} also reads every frame and compares the headers in the tar stream
 * with the index, so that tar would restore the same as Keg.
 */
public final class Verification {
  private final Archive archive;
  private final ArchiveSources sources;
  private final LongConsumer progress;
  private final List<String> findings = new ArrayList<>();
  private final Set<FrameRef> damaged = new LinkedHashSet<>();
  private final Map<FrameRef, Thinned> thinned = new HashMap<>();
  private final Set<IndexRoot.Page> pages = new LinkedHashSet<>();
  private boolean isComplete = true;
  private long frames;
  private long bytes;

  private Verification(Archive archive, ArchiveSources sources, LongConsumer progress) {
    this.archive = archive;
    this.sources = sources;
    this.progress = progress;
  }

  /**
   * The result.
   *
   * @param findings the problems, in words
   * @param damaged the frames that are bad
   * @param pages the index pages that are bad
   * @param located whether the bad frames and pages are the only problem
   * @param files the files that cannot be restored, besides those on bad pages
   * @param frames the number of frames read
   * @param bytes the number of plain bytes in them
   */
  public record Result(
      List<String> findings,
      Set<FrameRef> damaged,
      Set<IndexRoot.Page> pages,
      boolean located,
      List<TreePath> files,
      long frames,
      long bytes) {
    public Result {
      findings = List.copyOf(findings);
      damaged = Set.copyOf(damaged);
      pages = Set.copyOf(pages);
      files = List.copyOf(files);
    }

    public boolean sound() {
      return findings.isEmpty();
    }
  }

  public static Result quick(Archive archive, ArchiveSources sources) {
    Verification verification = new Verification(archive, sources, _ -> {});
    verification.index();
    return verification.result();
  }

  public static Result full(Archive archive, ArchiveSources sources, int threads) {
    return full(archive, sources, threads, _ -> {});
  }

  /**
   * The same with progress.
   *
   * @param progress receives the number of further plain bytes checked
   */
  public static Result full(
      Archive archive, ArchiveSources sources, int threads, LongConsumer progress) {
    Verification verification = new Verification(archive, sources, progress);
    if (verification.index()) {
      verification.content(threads);
    }
    return verification.result();
  }

  /** Checks the index; returns whether it makes sense to read the content as well. */
  private boolean index() {
    IndexCheck check = new IndexCheck(archive);
    try {
      check.run();
      check.needed().forEach(this::object);
      return true;
    } catch (InvalidArchive e) {
      findings.add(String.valueOf(e.getMessage()));
      return false;
    } finally {
      findings.addAll(check.findings());
      pages.addAll(check.damaged());
      isComplete = check.isComplete();
    }
  }

  private void object(String name, long end) {
    try {
      long length = sources.source(name).length();
      if (length < end) {
        findings.add("%s: it has %d bytes and needs %d".formatted(name, length, end));
      }
    } catch (VolumeException e) {
      findings.add(name + ": " + e.getMessage());
    }
  }

  private void content(int threads) {
    try (FramePrefetch prefetch = new FramePrefetch(sources, allFrames(), threads, archive.key())) {
      if (!archive.isPartial() && isComplete) {
        compareHeaders(prefetch);
      }
      for (var plain = prefetch.next(); plain.isPresent(); plain = prefetch.next()) {
        count(plain.get());
      }
    }
    if (!thinned.isEmpty()) {
      checkThinned();
    }
  }

  /**
   * Checks that thinned frames have what the files need, and small files by their hashes, since
   * earlier builds recorded no hash of such frames.
   */
  private void checkThinned() {
    try (FrameReader reader = new FrameReader(sources)) {
      for (Iterator<IndexedEntry> all = archive.entries(_ -> {}); all.hasNext(); ) {
        IndexedEntry entry = all.next();
        for (Slice slice : entry.slices()) {
          Thinned left = thinned.get(slice.frame());
          if (left != null) {
            checkThinned(entry, slice, left, reader);
          }
        }
      }
    }
  }

  private void checkThinned(IndexedEntry entry, Slice slice, Thinned left, FrameReader reader) {
    boolean isChecked =
        entry.hash(slice).isEmpty() && left.hash().isPresent() && left.has(slice.blocks());
    if (isChecked || damaged.contains(slice.frame())) {
      return;
    }
    try {
      reader.requireSound(entry, slice, archive.key());
    } catch (InvalidArchive e) {
      damaged(slice.frame(), e);
    }
  }

  /** Stops at the first damaged frame: without it, the rest of the stream has no meaning. */
  private void compareHeaders(FramePrefetch prefetch) {
    TarReader tar =
        new TarReader(archive.name(), new FrameStream(prefetch, this::count), TarLimits.OWN);
    Iterator<IndexedEntry> entries = archive.entries();
    try {
      for (var header = tar.next(); header.isPresent(); header = tar.next()) {
        Optional<Entry> indexed =
            entries.hasNext() ? Optional.of(entries.next().entry()) : Optional.empty();
        if (!indexed.equals(header)) {
          findings.add(
              "%s: %s differs between the index and the archive"
                  .formatted(archive.name(), header.get().path()));
          return;
        }
      }
      if (entries.hasNext()) {
        findings.add(archive.name() + ": the index has files that the archive does not have");
      }
    } catch (InvalidArchive e) {
      if (damaged.isEmpty()) {
        findings.add(String.valueOf(e.getMessage()));
      }
    }
  }

  private void count(Plain plain) {
    frames++;
    bytes += plain.frame().length();
    progress.accept(plain.frame().length());
    plain.thinned().ifPresent(left -> thinned.put(plain.frame(), left));
    plain.damage().ifPresent(damage -> damaged(plain.frame(), damage));
  }

  private void damaged(FrameRef frame, VolumeException why) {
    if (damaged.add(frame)) {
      findings.add(String.valueOf(why.getMessage()));
    }
  }

  /** The archive's own frames in order, which form its tar stream. */
  private Iterator<FrameRef> allFrames() {
    Set<FrameRef> lately = Collections.newSetFromMap(new Lately());
    return pagesInOrder().flatMap(page -> frames(page, lately)).iterator();
  }

  private Stream<StoredPage> pagesInOrder() {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(archive.pages(_ -> {}), Spliterator.ORDERED), false);
  }

  private Stream<FrameRef> frames(StoredPage page, Set<FrameRef> lately) {
    return Stream.concat(
        archive.isOwn(page.place()) ? page.content().frames().stream() : Stream.empty(),
        others(page.content()).filter(lately::add));
  }

  /** Adjacent pages refer to the same frames, which are read only once. */
  private static final class Lately extends LinkedHashMap<FrameRef, Boolean> {
    private static final int MOST = 1 << 12;

    @Override
    protected boolean removeEldestEntry(Map.Entry<FrameRef, Boolean> eldest) {
      return size() > MOST;
    }
  }

  private Stream<FrameRef> others(IndexPage page) {
    return page.entries().stream()
        .flatMap(entry -> entry.slices().stream())
        .map(Slice::frame)
        .filter(frame -> !frame.object().equals(archive.name()))
        .distinct();
  }

  private Result result() {
    List<TreePath> files = new ArrayList<>();
    if (!damaged.isEmpty()) {
      archive
          .entries(_ -> {})
          .forEachRemaining(
              entry -> {
                if (entry.slices().stream().anyMatch(s -> damaged.contains(s.frame()))) {
                  files.add(entry.entry().path());
                }
              });
    }
    boolean located = findings.size() == damaged.size() + pages.size();
    return new Result(findings, damaged, pages, located, files, frames, bytes);
  }
}
