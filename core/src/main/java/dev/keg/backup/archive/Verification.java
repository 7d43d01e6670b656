package dev.keg.backup.archive;

import dev.keg.backup.archive.FramePrefetch.Plain;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexPage;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Skippable;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.tar.TarLimits;
import dev.keg.backup.tar.TarReader;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.VolumeException;
import dev.keg.tree.Entry;
import dev.keg.tree.TreePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Checks an archive. {@link #quick} reads the index and asks whether every object is there and long
 * enough; {@link #full} reads every frame as well, and compares the headers in the tar stream with
 * the index, so that tar would restore the same as Keg.
 */
public final class Verification {
  private final Archive archive;
  private final ArchiveSources sources;
  private final List<String> findings = new ArrayList<>();
  private final Set<FrameRef> damaged = new LinkedHashSet<>();
  private long frames;
  private long bytes;

  private Verification(Archive archive, ArchiveSources sources) {
    this.archive = archive;
    this.sources = sources;
  }

  /**
   * What was found.
   *
   * @param findings what is wrong, in words
   * @param damaged the frames that are bad
   * @param located whether the bad frames are all that is wrong
   * @param files those that cannot be restored
   * @param frames how many were read
   * @param bytes how many plain bytes that were
   */
  public record Result(
      List<String> findings,
      Set<FrameRef> damaged,
      boolean located,
      List<TreePath> files,
      long frames,
      long bytes) {
    public Result {
      findings = List.copyOf(findings);
      damaged = Set.copyOf(damaged);
      files = List.copyOf(files);
    }

    public boolean sound() {
      return findings.isEmpty();
    }
  }

  public static Result quick(Archive archive, ArchiveSources sources) {
    Verification verification = new Verification(archive, sources);
    verification.index();
    return verification.result();
  }

  public static Result full(Archive archive, ArchiveSources sources, int threads) {
    Verification verification = new Verification(archive, sources);
    if (verification.index()) {
      verification.content(threads);
    }
    return verification.result();
  }

  /** Pages and frames must lie one behind the other, from the first byte to the root. */
  private boolean index() {
    try {
      long end = 0;
      long entries = 0;
      long content = 0;
      Map<String, Long> needed = new HashMap<>();
      for (IndexRoot.Page place : archive.root().pages()) {
        IndexPage page = archive.page(place);
        if (!page.frames().isEmpty()) {
          requireNext(page.frames().getFirst().offset(), end);
          end = page.frames().getLast().end();
        }
        requireNext(place.offset() - Skippable.HEAD, end);
        archive.requireHead(place);
        end = place.offset() + place.stored();
        entries += page.entries().size();
        content += page.entries().stream().mapToLong(IndexedEntry::stored).sum();
        remember(page, needed);
      }
      requireNext(archive.footer().offset() - Skippable.HEAD, end);
      archive.requireRootHead();
      if (entries != archive.totals().entries()) {
        throw invalid(
            "it has %d entries and speaks of %d".formatted(entries, archive.totals().entries()));
      }
      if (content != archive.totals().bytes()) {
        throw invalid(
            "its files have %d bytes and it speaks of %d"
                .formatted(content, archive.totals().bytes()));
      }
      needed.forEach(this::object);
      return true;
    } catch (InvalidArchive e) {
      findings.add(String.valueOf(e.getMessage()));
      return false;
    }
  }

  private void remember(IndexPage page, Map<String, Long> needed) {
    Set<FrameRef> own = new HashSet<>(page.frames());
    for (IndexedEntry entry : page.entries()) {
      for (Slice slice : entry.slices()) {
        if (slice.frame().object().equals(archive.name()) && !own.contains(slice.frame())) {
          throw invalid("%s lies in a frame that is none".formatted(entry.entry().path()));
        }
        needed.merge(slice.frame().object(), slice.frame().end(), Math::max);
      }
    }
  }

  private void requireNext(long offset, long end) {
    if (offset != end) {
      throw invalid("something unknown lies between byte %d and %d".formatted(end, offset));
    }
  }

  private InvalidArchive invalid(String why) {
    return new InvalidArchive(archive.name(), "in its index", why);
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
      if (!archive.isPartial()) {
        compareHeaders(prefetch);
      }
      for (var plain = prefetch.next(); plain.isPresent(); plain = prefetch.next()) {
        count(plain.get());
      }
    }
  }

  /** Stops at the first damaged frame: without it the stream has no meaning. */
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
              "%s: %s is another file in the index than in the archive"
                  .formatted(archive.name(), header.get().path()));
          return;
        }
      }
      if (entries.hasNext()) {
        findings.add(archive.name() + ": the index has files that the archive has not");
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
    plain
        .damage()
        .ifPresent(
            damage -> {
              if (damaged.add(plain.frame())) {
                findings.add(String.valueOf(damage.getMessage()));
              }
            });
  }

  /** Frames of the archive itself in their order, so that they make its tar stream. */
  private Iterator<FrameRef> allFrames() {
    return archive.root().pages().stream()
        .map(archive::page)
        .flatMap(page -> Stream.concat(page.frames().stream(), others(page)))
        .iterator();
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
          .entries()
          .forEachRemaining(
              entry -> {
                if (entry.slices().stream().anyMatch(s -> damaged.contains(s.frame()))) {
                  files.add(entry.entry().path());
                }
              });
    }
    return new Result(findings, damaged, findings.size() == damaged.size(), files, frames, bytes);
  }
}
