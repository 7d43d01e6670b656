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
import java.util.stream.Stream;

/**
 * How much of each object the entries of an archive use, and how much a restore reads for them:
 * small files share frames, and a restore reads a complete frame even for one remaining file. A new
 * archive does not refer to the least used objects, and stores their content itself.
 */
final class ObjectUse {
  /** An object with this much in use is kept, however many objects there are. */
  private static final long MUCH = 256 << 20;

  /**
   * The number of objects to drop in addition to those above the limit; each costs its content that
   * is in use.
   */
  private static final int A_FEW = 4;

  /**
   * An object with this much in use is kept up to {@link #MANY} times the usual number: to store so
   * much again takes more room than a line in the records of all backups that are kept.
   */
  private static final long LITTLE = 16 << 10;

  private static final int MANY = 4;

  /** The size of tar's headers before most files. */
  private static final int HEADERS = Thinned.offset(3);

  /**
   * No further object is added once one part in this many of all content, or {@link #MUCH} if that
   * is more, is stored again.
   */
  private static final int SHARE = 16;

  private final Map<String, Use> uses = new HashMap<>();

  /** The use of one object, in stored bytes. */
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
        // At least half of such a frame is in use anyway.
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

  /** The approximate stored size of this number of the frame's decompressed bytes. */
  private static long stored(Slice slice, int plain) {
    return (long) plain * slice.frame().stored() / Math.max(1, slice.frame().length());
  }

  /**
   * The objects that a new archive does not refer to.
   *
   * @param most the number of objects to refer to, besides those of which much is used; four times
   *     as many if they are worth it
   * @param repacked the remaining sizes of repacked objects, by name; called only if needed
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
    List<Map.Entry<String, Use>> few =
        uses.entrySet().stream()
            .filter(use -> use.getValue().used < MUCH)
            .sorted(Comparator.comparingLong(use -> -use.getValue().used))
            .toList();
    leastUsed(few, most)
        .filter(use -> use.getValue().used < LITTLE)
        .forEach(use -> left.add(use.getKey()));
    leastUsed(few, most * MANY).forEach(use -> left.add(use.getKey()));
  }

  /** None if there are not more. */
  private static Stream<Map.Entry<String, Use>> leastUsed(
      List<Map.Entry<String, Use>> mostUsedFirst, int most) {
    return mostUsedFirst.size() <= most
        ? Stream.empty()
        : mostUsedFirst.stream().skip(Math.max(0, most - A_FEW));
  }

  private long used() {
    return uses.values().stream().mapToLong(use -> use.used).sum();
  }

  /**
   * The bytes that a restore reads of an archive that stores the content of these objects itself.
   */
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
    // Somewhat less, so that the next archive does not need this again.
    while (read > used + used * 3 / 4 && room > 0 && worst.hasNext()) {
      Map.Entry<String, Use> next = worst.next();
      read -= next.getValue().read - next.getValue().used;
      room -= next.getValue().used;
      left.add(next.getKey());
    }
  }
}
