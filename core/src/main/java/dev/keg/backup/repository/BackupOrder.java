package dev.keg.backup.repository;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The order of backups. An id has the time of a clock that may have been wrong; but a backup that
 * builds on another is later than that one in any case, and a future time says nothing.
 */
final class BackupOrder {
  private static final Position FIRST = new Position("", 0);

  private final Map<BackupId, Backup> backups;
  private final Instant now;
  private final Map<BackupId, Position> positions = new HashMap<>();

  private BackupOrder(Collection<Backup> backups, Instant now) {
    this.backups =
        backups.stream()
            .collect(Collectors.toMap(Backup::id, Function.identity(), (one, _) -> one));
    this.now = now;
  }

  /** A number of steps after the backup at that time. */
  private record Position(String time, int steps) {
    static final Comparator<Position> ORDER =
        Comparator.comparing(Position::time).thenComparing(Position::steps);

    Position next() {
      return new Position(time, steps + 1);
    }
  }

  /** The backups in order. */
  static List<Backup> of(Collection<Backup> backups, Instant now) {
    BackupOrder order = new BackupOrder(backups, now);
    return backups.stream()
        .sorted(Comparator.comparing(order::position, Position.ORDER).thenComparing(Backup::id))
        .toList();
  }

  private Position position(Backup backup) {
    Deque<Backup> unknown = new ArrayDeque<>();
    Set<BackupId> met = new HashSet<>();
    @Nullable Backup at = backup;
    // Iterative: a chain may be long, and a forged one may be circular.
    while (at != null && !positions.containsKey(at.id()) && met.add(at.id())) {
      unknown.push(at);
      at = parent(at);
    }
    unknown.forEach(each -> positions.put(each.id(), after(parent(each), each)));
    return positions.getOrDefault(backup.id(), FIRST);
  }

  private @Nullable Backup parent(Backup backup) {
    BackupId parent = backup.record().parent();
    return parent == null ? null : backups.get(parent);
  }

  private Position after(@Nullable Backup parent, Backup backup) {
    Position own = backup.id().isAhead(now) ? FIRST : new Position(backup.id().text(), 0);
    Position least = parent == null ? FIRST : positions.getOrDefault(parent.id(), FIRST).next();
    return Position.ORDER.compare(own, least) < 0 ? least : own;
  }
}
