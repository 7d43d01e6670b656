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

/** What one measurement knows of earlier ones, and what it sees. Any thread may tell. */
final class SeenVolumes {
  private final Optional<SeenTrees> file;
  private final boolean fresh;
  private final Instant now;
  private final SortedMap<String, SeenTree> before;
  private final Map<String, SeenTree> seen;

  /**
   * @param file empty where nothing is kept
   * @param all whether all volumes are measured: what is known of others is of no use then
   * @param fresh whether what is known is not to count
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

  /** Keeps what was seen. Without it the next measurement takes longer, and that is all. */
  void keep(Consumer<String> warning) {
    if (file.isPresent() && !seen.equals(before)) {
      try {
        file.get().write(seen);
      } catch (IOException e) {
        warning.accept("the next df looks at all files: " + FileFailures.reason(e));
      }
    }
  }
}
