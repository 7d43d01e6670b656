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
 * @param damaged what must not be referred to, but read and written again
 * @param left objects that the new archive does without, though they are sound
 * @param known its content, so that what is equal to it is not written again
 * @param firsts its pages by the inode of the first file on each
 * @param lost pages of its index that cannot be read: the files on them are as good as new
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

  /** Beside those above the most objects, so many are left: each costs what is used of it. */
  private static final int A_FEW = 4;

  public Predecessor {
    left = Set.copyOf(left);
    firsts = Map.copyOf(firsts);
    lost = List.copyOf(lost);
  }

  /** Reads the whole index, so that damage of it is known before anything is written. */
  public static Predecessor of(Archive archive, Avoided damaged) {
    return of(archive, damaged, Set.of());
  }

  /**
   * The same, for an archive that refers to no more objects than this, besides those of which much
   * is used: content that lies in those of which least is used is read and written again.
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

  /** The page that begins with the file of that inode. */
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
    return entry.slices().stream().map(Slice::frame).anyMatch(damaged::has);
  }

  /** Whether a new archive may have the same page by referring to it. */
  boolean isShareable(IndexRoot.Page page) {
    return archive.version() == Footer.SHARING
        && !left.contains(page.object())
        && !damaged.has(page);
  }

  /** Whether a new archive may refer to the frame. */
  boolean isUsable(FrameRef frame) {
    return !left.contains(frame.object()) && !damaged.has(frame);
  }

  /** Whether content must be read again from objects that the new archive does not use. */
  boolean isLeft(IndexedEntry entry) {
    return entry.slices().stream().anyMatch(slice -> left.contains(slice.frame().object()));
  }

  @Override
  public void close() {
    archive.close();
  }
}
