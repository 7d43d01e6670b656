package dev.keg.lifecycle;

import dev.keg.attachment.Attachments;
import dev.keg.attachment.MountTable.Reach;
import dev.keg.error.BackupException.BeingRestored;
import dev.keg.error.RegistryException.ChangedMeanwhile;
import dev.keg.error.VolumeException;
import dev.keg.registry.ArchivedVolume;
import dev.keg.registry.Parallel;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.journal.MoveJournal;
import dev.keg.registry.lock.MoveLock;
import dev.keg.registry.lock.RestoreLock;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeFilter;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeId;
import dev.keg.volume.VolumeName;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Removes unused volumes. Like docker, it only removes local volumes without driver options: data
 * outside the registry is not deleted without an explicit request.
 */
public final class Pruning {
  private final Volumes volumes;
  private final VolumeRegistry registry;
  private final Attachments attachments;
  private final Removal removal;
  private final Clock clock;

  Pruning(Volumes volumes, Services services) {
    this.volumes = volumes;
    this.registry = services.registry();
    this.attachments = services.attachments();
    this.removal = new Removal(services);
    this.clock = services.clock();
  }

  /** The volumes that were removed, the size of their data, and the problems of the others. */
  public record Result(List<VolumeName> removed, Size reclaimed, List<VolumeException> problems) {
    public Result {
      removed = List.copyOf(removed);
      problems = List.copyOf(problems);
    }
  }

  /**
   * What {@link #prune} would remove now, and the problems of volumes that cannot be examined and
   * are kept.
   */
  public Listing candidates(VolumeFilter filter) {
    VolumeFilter pruned = filter.and(this::isUnused);
    Listing unused = volumes.list(pruned);
    if (unused.volumes().isEmpty()) {
      return unused;
    }
    Set<VolumeName> mounted = new HashSet<>(attachments.mounts().inside().keySet());
    mounted.addAll(attachments.mounts().outside(Reach.EVERYWHERE).keySet());
    boolean archives =
        registry.pools().list().stream().anyMatch(pool -> pool.repository().isPresent());
    return new Listing(
        Parallel.stream(unused.volumes())
            .filter(volume -> isOwn(volume, pruned))
            .filter(volume -> !mounted.contains(volume.name()))
            .filter(volume -> !isMoved(volume.name()) && !isRestored(volume.name()))
            .filter(volume -> !archives || !hasArchive(volume.name()))
            .filter(volume -> removal.dependents(volume.name()).isEmpty())
            .filter(volume -> registry.snapshots().names(volume.name()).isEmpty())
            .toList(),
        unused.problems());
  }

  // A record of another host is not enough to delete a volume.
  private boolean isOwn(Volume volume, VolumeFilter pruned) {
    return registry
        .catalog()
        .own(volume)
        .filter(own -> own.equals(volume) || pruned.matches(volumes.overview(own)))
        .isPresent();
  }

  private boolean isMoved(VolumeName name) {
    VolumeHome home = registry.layout().home(name);
    // Its users may be stopped for a move to another pool, and come back afterwards; an archived
    // volume must be kept.
    return MoveJournal.isMoving(name, home) || MoveLock.isTaken(home) || ArchivedVolume.isIn(home);
  }

  private boolean isRestored(VolumeName name) {
    try {
      RestoreLock.requireFree("prune", name, registry.layout().home(name));
      return false;
    } catch (BeingRestored _) {
      return true;
    }
  }

  /** Whether it contains the data of archived volumes. */
  private boolean hasArchive(VolumeName name) {
    return !registry.pools().archivesIn(registry.layout().home(name).path()).isEmpty();
  }

  private boolean isUnused(VolumeFilter.Facts candidate) {
    Volume volume = candidate.volume();
    return volume.driver().equals(Volume.DEFAULT_DRIVER)
        && volume.options().isEmpty()
        && !volume.details().protection().holdsAt(clock.instant())
        && registry.catalog().isHere(volume)
        && !candidate.isHeld();
  }

  /** Removes the current candidates. */
  public Result prune(VolumeFilter filter) {
    if (!registry.openForReading()) {
      return new Result(List.of(), Size.ZERO, List.of());
    }
    registry.openForWriting();
    try (var _ = registry.lock().lockForPrune();
        var _ = registry.lock().lockAll()) {
      // The operator may have taken long to answer.
      attachments.system().refresh();
      return removeAll(candidates(filter));
    }
  }

  /** Removes the volumes that were shown to the operator and are still candidates. */
  public Result prune(VolumeFilter filter, List<Volume> shown) {
    Map<VolumeName, VolumeId> ids =
        shown.stream().collect(Collectors.toMap(Volume::name, volume -> volume.details().id()));
    return prune(
        filter.and(
            candidate ->
                candidate.volume().details().id().equals(ids.get(candidate.volume().name()))));
  }

  private Result removeAll(Listing unused) {
    List<Prepared> prepared = Parallel.stream(unused.volumes()).map(this::prepare).toList();
    List<VolumeName> removed = new ArrayList<>();
    List<VolumeException> problems = new ArrayList<>(unused.problems());
    long reclaimed = 0;
    for (Prepared volume : prepared) {
      switch (volume) {
        case Prepared.Ready(VolumeName name, Size size) -> {
          removed.add(name);
          reclaimed += size.bytes();
        }
        case Prepared.Failed(VolumeException problem) -> problems.add(problem);
      }
    }
    Size size = new Size(reclaimed);
    registry.remove(removed, size);
    return new Result(removed, size, problems);
  }

  private Prepared prepare(Volume volume) {
    try {
      requireUnchanged(volume);
      Size[] size = {Size.ZERO};
      // Measuring takes long; meanwhile another host could protect it, or begin to use it.
      removal.withdrawn(
          volume.name(),
          () -> {
            size[0] = volumes.usage(volume);
            removal.prepareUnused(volume);
          });
      return new Prepared.Ready(volume.name(), size[0]);
    } catch (VolumeException e) {
      return new Prepared.Failed(e);
    }
  }

  /** Another host may have protected the volume since it was chosen, long before its turn. */
  private void requireUnchanged(Volume volume) {
    if (registry.isShared() && registry.find(volume.name()).filter(volume::equals).isEmpty()) {
      throw new ChangedMeanwhile("remove", volume.name().text());
    }
  }

  private sealed interface Prepared {
    record Ready(VolumeName name, Size size) implements Prepared {}

    record Failed(VolumeException problem) implements Prepared {}
  }
}
