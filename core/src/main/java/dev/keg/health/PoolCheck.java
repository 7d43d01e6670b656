package dev.keg.health;

import dev.keg.registry.Pools;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.pool.Pool;
import dev.keg.usage.TreeScans;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks that each pool exists, has free space, and contains no volumes that the root does not
 * know.
 */
record PoolCheck(VolumeRegistry registry, TreeScans scans) {
  List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    for (Pool pool : registry.pools().list()) {
      Optional<String> missing = pool.whyMissing();
      if (missing.isPresent()) {
        findings.add(missing(pool, missing.get()));
      } else {
        findings.addAll(strangers(pool));
        findings.addAll(RootCheck.fullness(scans, pool.place().volumes()));
      }
    }
    return findings;
  }

  private Finding missing(Pool pool, String why) {
    int volumes = registry.pools().volumes(pool.name()).size();
    return new Finding(
            "pool " + pool.name(),
            "it is missing: %s: %s".formatted(pool.directory(), why),
            "its %d volumes cannot be used".formatted(volumes),
            "mount its disk; if that is lost: keg pool rm --lost " + pool.name())
        .critical();
  }

  private List<Finding> strangers(Pool pool) {
    Pools pools = registry.pools();
    List<Finding> findings = new ArrayList<>();
    for (Path stranger : pools.strangers(pool.place())) {
      findings.add(
          new Finding(
              stranger.toString(),
              "it belongs to no volume of this root",
              "it takes space but is not listed",
              "`keg pool add %s %s` if its name is free; otherwise move it away"
                  .formatted(pool.name(), pool.directory())));
    }
    return findings;
  }
}
