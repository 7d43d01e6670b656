package dev.keg.linux.mount;

import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.MountFlag;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory or file to show at a second place.
 *
 * @param propagation null for the kernel's default
 * @param users a user namespace whose mapping translates the owners of files
 */
public record BindMount(
    FileLocation source,
    FileLocation target,
    Submounts submounts,
    Set<MountFlag> flags,
    @Nullable MountPropagation propagation,
    @Nullable Fd users) {
  public BindMount {
    flags = Set.copyOf(flags);
  }

  boolean recursive() {
    return submounts != Submounts.LEFT_OUT;
  }
}
