package dev.keg.lifecycle;

import dev.keg.registry.Pools;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.pool.Place;
import dev.keg.registry.pool.Pool;
import dev.keg.usage.Room;
import dev.keg.usage.TreeScan;
import dev.keg.usage.TreeScans;
import dev.keg.volume.PoolName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The current state of a pool.
 *
 * @param directory the directory of its volumes; for an archive, only of their descriptions
 * @param repository the repository with the data of its volumes, if it is an archive
 * @param volumes how many volumes are recorded in it
 * @param missing why it cannot be used; empty if it can
 * @param room the space of its file system, if known
 */
public record PoolState(
    PoolName name,
    Path directory,
    Optional<String> repository,
    int volumes,
    Optional<String> missing,
    Optional<Room> room) {

  /** Every pool, the root itself first. */
  public static List<PoolState> all(VolumeRegistry registry, TreeScans scans) {
    Pools pools = registry.pools();
    Place own = registry.layout().places().own();
    List<PoolState> states = new ArrayList<>();
    states.add(of(pools, own, Optional.empty(), Optional.empty(), scans));
    for (Pool pool : pools.list()) {
      states.add(of(pools, pool.place(), pool.repository(), pool.whyMissing(), scans));
    }
    return states;
  }

  private static PoolState of(
      Pools pools,
      Place place,
      Optional<String> repository,
      Optional<String> missing,
      TreeScans scans) {
    return new PoolState(
        place.pool(),
        place.directory(),
        repository,
        pools.volumes(place.pool()).size(),
        missing,
        missing.isEmpty() && repository.isEmpty()
            ? room(place.volumes(), scans)
            : Optional.empty());
  }

  private static Optional<Room> room(Path volumes, TreeScans scans) {
    Optional<TreeScan> opened = scans.open(volumes);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (TreeScan scan = opened.get()) {
      return scan.room();
    }
  }
}
