package dev.keg.linux.kernel;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The changes to make to a mount.
 *
 * @param users a user namespace whose mapping translates the owners of files
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
