package dev.keg.linux.kernel;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that is to be seen at a second place.
 *
 * @param recursive with what is mounted below the source
 * @param flags of all mounts that this makes, where the kernel can (Linux 5.12), else of the first
 * @param users a user namespace through whose mapping the owners of files are seen
 */
public record BindMount(
    Place source,
    Place target,
    boolean recursive,
    Set<MountFlag> flags,
    @Nullable Propagation propagation,
    @Nullable Fd users) {
  public BindMount {
    flags = Set.copyOf(flags);
  }
}
