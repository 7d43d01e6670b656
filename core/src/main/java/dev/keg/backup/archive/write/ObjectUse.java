package dev.keg.backup.archive.write;

import dev.keg.backup.archive.index.IndexPage;
import dev.keg.backup.archive.index.IndexedEntry;
import dev.keg.backup.archive.index.Slice;
import dev.keg.backup.archive.index.Thinned;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How much of each object the entries of an archive use, and how much is read for that: small files
 * share frames, of which a restore reads all for each that is left. A new archive does without the
 * objects of which least is used, and has their content itself.
 */
final class ObjectUse {
  /** What has so much in use is not written anew because there are many objects. */
  private static final long MUCH = 256 << 20;

  /** Beside those above the most objects, so many are left: each costs what is used of it. */
  private static final int A_FEW = 4;

  /** The headers that tar has in front of most files. */
  private static final int HEADERS = Thinned.offset(3);

  /** Once this part of all content is written anew, or {@link #MUCH}, no object is added to it. */
  private static final int SHARE = 16;

  private final Map<String, Use> uses = new HashMap<>();

  /** Of one object, in bytes as they are stored. */
  private static final class Use {
    private long used;
    private long read;
    private final Set<Long> shared = new HashSet<>();

    double share() {
      return (double) used / Math.max(1, read);
    }
  }

  ObjectUse(Collection<String> objects) {
    objects.forEach(object -> uses.put(object, new Use()));
  }

  void add(IndexPage page) {
    page.entries().forEach(this::add);
  }

  private void add(IndexedEntry entry) {
    for (Slice slice : entry.slices()) {
      Use use = uses.get(slice.frame().object());
      if (use == null) {
        continue;
      }
      if (slice.isWholeFrame() || entry.slices().size() > 1) {
        // Half of such a frame is used in any case.
        use.used += stored(slice, slice.length());
        use.read += stored(slice, slice.length());
        continue;
      }
      use.used += stored(slice, Math.min(slice.frame().length(), slice.length() + HEADERS));
      if (use.shared.add(slice.frame().offset())) {
        use.read += slice.frame().stored();
      }
    }
  }

  /** About as many as these plain bytes of the frame take. */
  private static long stored(Slice slice, int plain) {
    return (long) plain * slice.frame().stored() / Math.max(1, slice.frame().length());
  }

  /**
   * What a new archive does without.
   *
   * @param most objects to refer to, besides those of which much is used
   * @param repacked how many bytes there are of objects of which parts are gone, by their names;
   *     asked for only if that matters
   */
  Set<String> left(int most, Supplier<Map<String, Long>> repacked) {
    Set<String> left = new HashSet<>();
    leaveMany(most, left);
    if (isWasteful(left)) {
      repacked.get().forEach(this::limit);
    }
    if (isWasteful(left)) {
      leaveWasteful(left);
    }
    return left;
  }

  private void limit(String object, long bytes) {
    Use use = uses.get(object);
    if (use != null) {
      use.read = Math.clamp(bytes, Math.min(use.used, use.read), use.read);
    }
  }

  private void leaveMany(int most, Set<String> left) {
    List<String> few =
        uses.entrySet().stream()
            .filter(use -> use.getValue().used < MUCH)
            .sorted(Comparator.comparingLong(use -> -use.getValue().used))
            .map(Map.Entry::getKey)
            .toList();
    if (few.size() > most) {
      left.addAll(few.subList(Math.max(0, most - A_FEW), few.size()));
    }
  }

  private long used() {
    return uses.values().stream().mapToLong(use -> use.used).sum();
  }

  /** How much a restore reads of an archive that has the content of these objects itself. */
  private long read(Set<String> left) {
    return uses.entrySet().stream()
        .mapToLong(use -> left.contains(use.getKey()) ? use.getValue().used : use.getValue().read)
        .sum();
  }

  /** Whether a restore reads more than twice its bytes. */
  private boolean isWasteful(Set<String> left) {
    return read(left) > 2 * used();
  }

  private void leaveWasteful(Set<String> left) {
    long used = used();
    long read = read(left);
    long room = Math.max(MUCH, used / SHARE);
    Iterator<Map.Entry<String, Use>> worst =
        uses.entrySet().stream()
            .filter(use -> !left.contains(use.getKey()))
            .sorted(Comparator.comparingDouble(use -> use.getValue().share()))
            .iterator();
    // A little more, so that this is not needed for the next archive again.
    while (read > used + used * 3 / 4 && room > 0 && worst.hasNext()) {
      Map.Entry<String, Use> next = worst.next();
      read -= next.getValue().read - next.getValue().used;
      room -= next.getValue().used;
      left.add(next.getKey());
    }
  }
}
