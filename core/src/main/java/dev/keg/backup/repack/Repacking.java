package dev.keg.backup.repack;

import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.repository.rest.Grace;
import dev.keg.backup.repository.rest.Needed;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.StoredObject;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.VolumeException;
import dev.keg.volume.Size;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Frees the space of unneeded parts of objects whose other parts backups need. It may be
 * interrupted anywhere and run again, concurrently with backups and with other machines' runs.
 */
public final class Repacking {
  private final Repository repository;
  private final RepackLimits limits;
  private final LongConsumer advanced;
  private final List<VolumeException> problems = new ArrayList<>();
  private int objects;
  private long copied;

  /**
   * @param advanced receives the number of further bytes copied
   */
  public Repacking(Repository repository, RepackLimits limits, LongConsumer advanced) {
    this.repository = repository;
    this.limits = limits;
    this.advanced = advanced;
  }

  /** Deletes what was repacked a day ago, and repacks more. */
  public RepackReport run() {
    return run(repository.list(), true);
  }

  /** The objects that {@link #run()} would copy once these backups are forgotten. */
  public RepackReport preview(Collection<BackupId> forgotten) {
    BackupCatalog now = repository.list();
    List<Backup> left =
        now.backups().stream().filter(backup -> !forgotten.contains(backup.id())).toList();
    return run(new BackupCatalog(left, now.damages()), false);
  }

  private RepackReport run(BackupCatalog catalog, boolean really) {
    if (!catalog.damages().isEmpty()) {
      // Nobody knows what those backups need.
      return RepackReport.nothing(catalog.problems(repository.address()));
    }
    try (RestWriter writer = new RestWriter(repository, repository.store(), advanced)) {
      return run(catalog, really, writer);
    }
  }

  private RepackReport run(BackupCatalog catalog, boolean really, RestWriter writer) {
    Map<DataObject, Pieces> pieces = NeededParts.of(repository, catalog.backups()).parts();
    Map<ObjectName, Needed> needed = new HashMap<>();
    pieces.forEach((object, parts) -> needed.put(object.name(), parts.needed()));
    long deleted = really ? retire(catalog, pieces, needed, writer) : 0;
    List<Occupancy> after = new ArrayList<>();
    List<Occupancy> before = leastUsedFirst(pieces, needed);
    long unused = unused(before);
    long most = limits.mostUnused(used(catalog, before));
    for (Occupancy place : before) {
      boolean wanted = unused > most && place.isWorthwhile() && hasRoom(place);
      Occupancy now = wanted ? repack(place, really, writer) : place;
      unused -= place.unused() - now.unused();
      after.add(now);
    }
    long waiting = after.stream().mapToLong(Occupancy::waiting).sum();
    if (limits.grace() == Grace.NONE) {
      long more = really ? retire(catalog, pieces, needed, writer) : waiting;
      deleted += more;
      waiting -= more;
    }
    return new RepackReport(
        objects,
        new Size(copied),
        new Size(deleted),
        new Size(waiting),
        new Size(unused),
        problems);
  }

  /**
   * Deletes replaced objects. An object without a sound rest stays, even if the rest was sound when
   * it was written.
   */
  private long retire(
      BackupCatalog catalog,
      Map<DataObject, Pieces> pieces,
      Map<ObjectName, Needed> needed,
      RestWriter writer) {
    Map<ObjectName, Predicate<Rest>> sound = new HashMap<>();
    pieces.forEach(
        (object, parts) -> sound.put(object.name(), rest -> isSound(object, parts, rest, writer)));
    return size(
        repository
            .rests()
            .retire(
                ids(catalog),
                needed,
                (object, rest) -> sound.getOrDefault(object, _ -> false).test(rest),
                limits.grace()));
  }

  private boolean isSound(DataObject object, Pieces pieces, Rest rest, RestWriter writer) {
    try {
      writer.requireSound(object, pieces, rest);
      return true;
    } catch (InvalidArchive e) {
      problems.add(e);
      return false;
    }
  }

  private static Set<BackupId> ids(BackupCatalog catalog) {
    return catalog.backups().stream().map(Backup::id).collect(Collectors.toSet());
  }

  private static long size(List<StoredObject> objects) {
    return objects.stream().mapToLong(object -> object.size().bytes()).sum();
  }

  private static long unused(List<Occupancy> all) {
    return all.stream().mapToLong(Occupancy::unused).sum();
  }

  private List<Occupancy> leastUsedFirst(
      Map<DataObject, Pieces> pieces, Map<ObjectName, Needed> needed) {
    Set<ObjectName> whole =
        repository.data().stream().map(StoredObject::name).collect(Collectors.toSet());
    Set<String> repacked =
        repository.rests().all().stream()
            .map(rest -> Rest.id(rest.name()))
            .collect(Collectors.toSet());
    List<Occupancy> all = new ArrayList<>();
    pieces.forEach(
        (object, parts) -> {
          ObjectName name = object.name();
          List<Rest> rests =
              repacked.contains(Rest.id(name)) ? repository.rests().of(name) : List.of();
          Needed own = Objects.requireNonNull(needed.get(name));
          all.add(Occupancy.of(object, parts, own, whole.contains(name), rests));
        });
    all.sort(Comparator.comparingDouble(Occupancy::share));
    return all;
  }

  /** How much backups need in all: parts of some objects, and the others whole. */
  private static long used(BackupCatalog catalog, List<Occupancy> partly) {
    Set<DataObject> whole =
        catalog.backups().stream()
            .flatMap(backup -> backup.record().objects().stream())
            .collect(Collectors.toSet());
    partly.forEach(place -> whole.remove(place.object()));
    return whole.stream().mapToLong(object -> object.size().bytes()).sum()
        + partly.stream().mapToLong(Occupancy::length).sum();
  }

  private boolean hasRoom(Occupancy place) {
    return copied + place.length() <= limits.most().bytes();
  }

  private Occupancy repack(Occupancy place, boolean really, RestWriter writer) {
    try {
      if (really) {
        writer.write(place.object(), place.pieces());
      }
    } catch (InvalidArchive e) {
      problems.add(e);
      return place;
    }
    objects++;
    copied += place.length();
    return place.repacked();
  }
}
