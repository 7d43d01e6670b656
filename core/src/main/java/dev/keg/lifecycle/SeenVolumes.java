package dev.keg.lifecycle;

import dev.keg.file.FileFailures;
import dev.keg.lifecycle.Usage.Content;
import dev.keg.usage.SeenTree;
import dev.keg.usage.SeenTrees;
import dev.keg.usage.TreeMeter.Measured;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** Trees seen by earlier measurements, and by the current one. Thread-safe. */
final class SeenVolumes {
  private final Optional<SeenTrees> file;
  private final boolean fresh;
  private final Instant now;
  private final SortedMap<String, SeenTree> before;
  private final Map<String, SeenTree> seen;

  /**
   * @param file empty if nothing is stored
   * @param all whether all volumes are measured, so that records of others are obsolete
   * @param fresh whether to ignore earlier results
   */
  SeenVolumes(Optional<SeenTrees> file, boolean all, boolean fresh, Instant now) {
    this.file = file;
    this.fresh = fresh;
    this.now = now;
    this.before = file.map(SeenTrees::read).orElseGet(TreeMap::new);
    this.seen = all ? new ConcurrentSkipListMap<>() : new ConcurrentSkipListMap<>(before);
  }

  Optional<SeenTree> before(VolumeName name) {
    return fresh ? Optional.empty() : Optional.ofNullable(before.get(name.text()));
  }

  Content content(VolumeName name, Optional<Measured> found) {
    if (found.isEmpty()) {
      return Content.UNKNOWN;
    }
    Measured measured = found.get();
    Instant at = before(name).filter(_ -> measured.unchanged()).map(SeenTree::at).orElse(now);
    seen.remove(name.text());
    measured
        .state()
        .ifPresent(state -> seen.put(name.text(), new SeenTree(state, at, measured.tree())));
    return Content.of(measured, at);
  }

  /** Stores what was seen. Without it, the next measurement merely takes longer. */
  void keep(Consumer<String> warning) {
    if (file.isPresent() && !seen.equals(before)) {
      try {
        file.get().write(seen);
      } catch (IOException e) {
        warning.accept("the next df examines all files: " + FileFailures.reason(e));
      }
    }
  }
}
