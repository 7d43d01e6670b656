package dev.keg.volumeset;

import dev.keg.attachment.MountIdentity;
import dev.keg.attachment.MountTable;
import dev.keg.publish.ResolvedTarget;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mount of a plan.
 *
 * @param target as requested
 * @param place its location; null while that depends on an earlier mount of the plan
 * @param made the directories or the file created for it, the outermost first
 * @param done whether the command that planned it completed
 * @param mount the identity of the mount; null until it is done, or if mounts cannot be told apart
 */
record PlannedMount(
    Source source,
    String target,
    boolean readOnly,
    Instant since,
    @Nullable Path place,
    List<Path> made,
    boolean done,
    @Nullable MountIdentity mount) {
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
    return new PlannedMount(
        source, target, readOnly, since, site.path(), site.missing(), done, mount);
  }

  Optional<MountIdentity> identity() {
    return Optional.ofNullable(mount);
  }

  /** Adds the identity of the mount, unless it is known already. */
  PlannedMount whenDone(MountTable table) {
    MountIdentity known = done || place == null ? mount : table.identity(place).orElse(null);
    return new PlannedMount(source, target, readOnly, since, place, made, true, known);
  }
}
