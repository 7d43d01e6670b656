package dev.keg.volumeset;

import dev.keg.mountspec.MountSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Mounts that somebody wants, all of them or none.
 *
 * @param owner whom they are for; nobody for mounts made by hand
 * @param rootfs what the targets take for {@code /}; absent if they are the host's own
 * @param exclusive whether nobody else may write to the volumes
 * @param makeTargets whether targets of the host that are missing are made; those below a root
 *     directory always are
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
    return new Target(rootfs, spec.target());
  }

  boolean makesTargets() {
    return makeTargets || rootfs != null;
  }
}
