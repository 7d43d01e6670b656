package dev.keg.volumeset;

import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One mount of a plan.
 *
 * @param target as requested
 * @param place where it is; absent while that depends on an earlier mount of the plan
 * @param made the directories or the file created for it, the outermost first
 * @param done whether the command that planned it completed
 */
record PlannedMount(
    Source source,
    String target,
    boolean readOnly,
    Instant since,
    @Nullable Path place,
    List<Path> made,
    boolean done) {
  PlannedMount {
    made = List.copyOf(made);
  }

  /** The source of a mount. */
  sealed interface Source {
    record OfVolume(VolumeName name) implements Source {}

    record OfHost(String path) implements Source {}

    record OfMemory() implements Source {}
  }

  Optional<Path> site() {
    return Optional.ofNullable(place);
  }

  PlannedMount at(ResolvedTarget site) {
    return new PlannedMount(source, target, readOnly, since, site.path(), site.missing(), done);
  }

  PlannedMount whenDone() {
    return new PlannedMount(source, target, readOnly, since, place, made, true);
  }
}
