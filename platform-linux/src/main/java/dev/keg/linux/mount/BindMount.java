package dev.keg.linux.mount;

import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.MountFlag;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something to show at a second place.
 *
 * @param sharing as the kernel chooses where it is absent
 * @param users a user namespace through whose mapping the owners of files are seen
 */
public record BindMount(
    Place source,
    Place target,
    Submounts submounts,
    Set<MountFlag> flags,
    @Nullable Sharing sharing,
    @Nullable Fd users) {
  public BindMount {
    flags = Set.copyOf(flags);
  }

  boolean recursive() {
    return submounts != Submounts.LEFT_OUT;
  }
}
