package dev.keg.backup.archive.write;

import dev.keg.backup.archive.Archive;
import dev.keg.backup.archive.Archive.StoredPage;
import dev.keg.backup.archive.LostPage;
import dev.keg.backup.archive.delta.KnownContent;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Avoided;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The archive that a new one builds on.
 *
 * @param damaged content that is not referred to, but read and written again
 * @param left sound objects that the new archive avoids
 * @param known finds its content, so that equal content is not written again
 * @param firsts its pages by the inode of the first file on each
 * @param lost unreadable pages of its index, whose files count as new
 */
public record Predecessor(
    Archive archive,
    Avoided damaged,
    Set<String> left,
    KnownContent known,
    Map<Long, IndexRoot.Page> firsts,
    List<LostPage> lost)
    implements AutoCloseable {
  private static final long MUCH = 256 << 20;

  /**
   * How many objects are dropped beyond those over the limit; each costs rewriting its used
   * content.
   */
  private static final int A_FEW = 4;

  public Predecessor {
    left = Set.copyOf(left);
    firsts = Map.copyOf(firsts);
    lost = List.copyOf(lost);
  }

  /** Reads the whole index, so that its damage is known before anything is written. */
  public static Predecessor of(Archive archive, Avoided damaged) {
    return of(archive, damaged, Set.of());
  }

  /**
   * The same for an archive that refers to at most this many objects, besides those that are used a
   * lot: content in the least used objects is read and written again.
   */
  public static Predecessor of(Archive archive, Avoided damaged, int mostObjects) {
    boolean scattered = archive.objects().size() > mostObjects;
    return of(archive, damaged, scattered ? leastUsed(archive, mostObjects) : Set.of());
  }

  private static Predecessor of(Archive archive, Avoided damaged, Set<String> left) {
    KnownContent known =
        new KnownContent((object, at) -> left.contains(object) || damaged.has(object, at));
    List<LostPage> lost = new ArrayList<>();
    Map<Long, IndexRoot.Page> firsts = new HashMap<>();
    known.add(archive, page -> note(firsts, page), lost::add);
    return new Predecessor(archive, damaged, left, known, firsts, lost);
  }

  private static void note(Map<Long, IndexRoot.Page> firsts, StoredPage page) {
    if (!page.content().entries().isEmpty()) {
      long inode = page.content().entries().getFirst().fingerprint().inode();
      firsts.putIfAbsent(inode, page.place());
    }
  }

  /** The page that begins with the file with that inode. */
  Optional<StoredPage> pageFrom(long inode) {
    return inode == 0
        ? Optional.empty()
        : Optional.ofNullable(firsts.get(inode))
            .map(place -> new StoredPage(place, archive.page(place)));
  }

  private static Set<String> leastUsed(Archive archive, int most) {
    Map<String, Long> used = new HashMap<>();
    archive.objects().forEach(object -> used.put(object, 0L));
    for (Iterator<StoredPage> pages = archive.pages(_ -> {}); pages.hasNext(); ) {
      for (IndexedEntry entry : pages.next().content().entries()) {
        for (Slice slice : entry.slices()) {
          used.merge(slice.frame().object(), (long) slice.length(), Long::sum);
        }
      }
    }
    used.remove(archive.name());
    used.values().removeIf(bytes -> bytes >= MUCH);
    if (used.size() <= most) {
      return Set.of();
    }
    return used.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .skip(Math.max(0, most - A_FEW))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
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
