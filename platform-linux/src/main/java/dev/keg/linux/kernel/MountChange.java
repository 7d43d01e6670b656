package dev.keg.linux.kernel;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to become different of a mount.
 *
 * @param users a user namespace through whose mapping the owners of files are seen
 */
public record MountChange(
    Set<MountFlag> flags, @Nullable Propagation propagation, @Nullable Fd users) {
  public MountChange {
    flags = Set.copyOf(flags);
  }

  public static MountChange of(Propagation propagation) {
    return new MountChange(Set.of(), propagation, null);
  }
}
