package dev.keg.backup.browse;

import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.BackupRecord.Counts;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.store.StoredObject;
import dev.keg.volume.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The share of a repository that the backups of one volume of one host take, or all backups.
 *
 * @param of the volume's newest backup; empty for the whole repository
 * @param backups the number of backups
 * @param size the size of the data that they were made from
 * @param stored the data that a restore needs; for the whole repository, also data that is about to
 *     be deleted
 * @param unique the part of it that no other volume's backups need
 * @param growth the daily growth in the last 30 days; empty with fewer than two backups
 */
public record StoredShare(
    Optional<Backup> of, int backups, Size size, Size stored, Size unique, Optional<Size> growth) {
  private static final Duration RECENT = Duration.ofDays(30);

  /** The shares by volume, with that of the whole repository at the end. */
  public static List<StoredShare> of(Repository repository, BackupCatalog catalog) {
    return new Reckoning(repository, catalog).shares();
  }

  /** The size of the backups divided by the stored size. */
  public OptionalDouble ratio() {
    return stored.bytes() == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) size.bytes() / stored.bytes());
  }

  /** The sizes of data objects, and the number of histories that need each, by the objects' ids. */
  private static final class Reckoning {
    private final Collection<List<Backup>> histories;
    private final Map<String, Long> sizes = new HashMap<>();
    private final Map<String, Integer> users = new HashMap<>();

    Reckoning(Repository repository, BackupCatalog catalog) {
      histories = catalog.histories();
      for (List<StoredObject> objects : List.of(repository.data(), repository.rests().all())) {
        objects.forEach(o -> sizes.merge(Rest.id(o.name()), o.size().bytes(), Long::sum));
      }
      histories.forEach(history -> needed(history).forEach(id -> users.merge(id, 1, Integer::sum)));
    }

    List<StoredShare> shares() {
      List<StoredShare> shares = new ArrayList<>();
      histories.forEach(history -> shares.add(share(history)));
      long stored = sizes.values().stream().mapToLong(Long::longValue).sum();
      List<Backup> all = histories.stream().flatMap(List::stream).toList();
      shares.add(
          new StoredShare(
              Optional.empty(),
              all.size(),
              size(all),
              new Size(stored),
              new Size(stored),
              sum(shares.stream().flatMap(share -> share.growth().stream()))));
      return shares;
    }

    private StoredShare share(List<Backup> history) {
      Set<String> needed = needed(history);
      return new StoredShare(
          Optional.of(history.getLast()),
          history.size(),
          size(history),
          stored(needed.stream()),
          stored(needed.stream().filter(id -> users.getOrDefault(id, 0) == 1)),
          growth(history));
    }

    private Size stored(Stream<String> ids) {
      return new Size(ids.mapToLong(id -> sizes.getOrDefault(id, 0L)).sum());
    }

    private static Set<String> needed(List<Backup> history) {
      return history.stream()
          .flatMap(backup -> backup.record().objects().stream())
          .map(object -> Rest.id(object.name()))
          .collect(Collectors.toCollection(HashSet::new));
    }

    private static Size size(List<Backup> backups) {
      return new Size(backups.stream().mapToLong(b -> counts(b).size().bytes()).sum());
    }

    private static Counts counts(Backup backup) {
      return backup.record().counts();
    }

    /** The first backup is where the growth begins. */
    private static Optional<Size> growth(List<Backup> history) {
      Instant newest = history.getLast().record().started();
      List<Backup> recent =
          history.stream()
              .filter(backup -> !backup.record().started().isBefore(newest.minus(RECENT)))
              .toList();
      if (recent.size() < 2) {
        return Optional.empty();
      }
      long added = recent.stream().skip(1).mapToLong(b -> counts(b).stored().bytes()).sum();
      Duration time = Duration.between(recent.getFirst().record().started(), newest);
      double days = Math.max(1, time.toSeconds() / (double) Duration.ofDays(1).toSeconds());
      return Optional.of(new Size(Math.round(added / days)));
    }

    private static Optional<Size> sum(Stream<Size> sizes) {
      return sizes.reduce((one, other) -> new Size(one.bytes() + other.bytes()));
    }
  }
}
