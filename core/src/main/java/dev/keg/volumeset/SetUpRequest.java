package dev.keg.volumeset;

import dev.keg.mountspec.MountSpec;
import dev.keg.publish.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request for mounts, all of them or none.
 *
 * @param owner the container; null for mounts made by hand
 * @param rootfs the root directory of the targets; null for paths of the host or, on Windows, of
 *     the running container
 * @param exclusive whether to keep other writers from the volumes
 * @param makeTargets whether to create missing targets of the host; targets below a root directory
 *     are always created
 */
public record SetUpRequest(
    @Nullable ContainerId owner,
    @Nullable Path rootfs,
    List<MountSpec> mounts,
    boolean exclusive,
    boolean makeTargets) {
  public SetUpRequest {
    mounts = List.copyOf(mounts);
  }

  public Optional<ContainerId> container() {
    return Optional.ofNullable(owner);
  }

  Target target(MountSpec spec) {
    return new Target(owner == null ? null : owner.text(), rootfs, spec.target());
  }

  boolean makesTargets() {
    return makeTargets || rootfs != null;
  }
}
