package dev.keg.backup.archive.write;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.Archive.StoredPage;
import dev.keg.backup.archive.LostPage;
import dev.keg.backup.archive.delta.KnownContent;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Avoided;
import dev.keg.backup.archive.index.Fingerprint;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexPage;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import dev.keg.tree.Stat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The archive that a new one builds on.
 *
 * @param damaged content that is not referred to, but read and written again
 * @param left sound objects that the new archive avoids
 * @param known finds its content, so that equal content is not written again
 * @param firsts its pages by the inode of the first file on each
 * @param lost unreadable pages of its index, whose files count as new
 * @param newest when the last of the files changed that may be recognised as unchanged
 */
public record Predecessor(
    Archive archive,
    Avoided damaged,
    Set<String> left,
    KnownContent known,
    Map<Long, IndexRoot.Page> firsts,
    List<LostPage> lost,
    Instant newest)
    implements AutoCloseable {
  public Predecessor {
    left = Set.copyOf(left);
    firsts = Map.copyOf(firsts);
    lost = List.copyOf(lost);
  }

  /** Reads the whole index, so that its damage is known before anything is written. */
  public static Predecessor of(Archive archive, Avoided damaged) {
    return of(archive, damaged, Set.of(), _ -> {});
  }

  /**
   * The same for an archive that does not refer to the least used objects: their content is read
   * and written again.
   *
   * @param mostObjects the number of objects it may refer to, besides those that are worth it
   * @param repacked the remaining sizes of repacked objects, by name
   */
  public static Predecessor of(
      Archive archive, Avoided damaged, int mostObjects, Supplier<Map<String, Long>> repacked) {
    ObjectUse use = new ObjectUse(archive.objects());
    Predecessor all = of(archive, damaged, Set.of(), use::add);
    Set<String> left = use.left(mostObjects, repacked);
    return left.isEmpty() ? all : of(archive, damaged, left, _ -> {});
  }

  private static Predecessor of(
      Archive archive, Avoided damaged, Set<String> left, Consumer<IndexPage> read) {
    KnownContent known =
        new KnownContent((object, at) -> left.contains(object) || damaged.has(object, at));
    List<LostPage> lost = new ArrayList<>();
    Files files = new Files();
    known.add(
        archive,
        page -> {
          files.add(page);
          read.accept(page.content());
        },
        lost::add);
    return new Predecessor(archive, damaged, left, known, files.firsts, lost, files.newest);
  }

  /** What is kept of its files. */
  private static final class Files {
    private final Map<Long, IndexRoot.Page> firsts = new HashMap<>();
    private Instant newest = Fingerprint.NONE.changed();

    void add(StoredPage page) {
      List<IndexedEntry> entries = page.content().entries();
      if (!entries.isEmpty()) {
        firsts.putIfAbsent(entries.getFirst().fingerprint().inode(), page.place());
      }
      for (IndexedEntry entry : entries) {
        Instant changed = entry.fingerprint().changed();
        newest = changed.isAfter(newest) ? changed : newest;
      }
    }
  }

  /** Whether the archive may have the same file unchanged. */
  boolean mayHave(Stat stat) {
    return !stat.changed().isAfter(newest);
  }

  /** The page that begins with the file with that inode. */
  Optional<StoredPage> pageFrom(long inode) {
    return inode == 0
        ? Optional.empty()
        : Optional.ofNullable(firsts.get(inode))
            .map(place -> new StoredPage(place, archive.page(place)));
  }

  /** Whether some of its content must not be referred to. */
  public boolean isDamaged(IndexedEntry entry) {
    for (Slice slice : entry.slices()) {
      if (damaged.has(slice.frame())) {
        return true;
      }
    }
    return false;
  }

  /** Whether a new archive may refer to the page. */
  boolean isShareable(IndexRoot.Page page) {
    return archive.version() == Footer.SHARING
        && !left.contains(page.object())
        && !damaged.has(page);
  }

  /** Whether a new archive may refer to the frame. */
  boolean isUsable(FrameRef frame) {
    return !left.contains(frame.object()) && !damaged.has(frame);
  }

  /** Whether its content must be read again because the new archive avoids its objects. */
  boolean isLeft(IndexedEntry entry) {
    return !left.isEmpty()
        && entry.slices().stream().anyMatch(slice -> left.contains(slice.frame().object()));
  }

  @Override
  public void close() {
    archive.close();
  }
}
