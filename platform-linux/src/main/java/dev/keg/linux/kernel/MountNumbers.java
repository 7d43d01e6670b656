package dev.keg.linux.kernel;

import java.nio.file.Path;
import java.util.OptionalLong;

/** What tells a mount from a later one that has got its number in the mount table. */
public interface MountNumbers {
  /**
   * statx(2), STATX_MNT_ID_UNIQUE: the number of the mount that is seen at the path, which no other
   * mount gets before the next boot. 0 before Linux 6.8.
   */
  long unique(Path path);

  /**
   * statmount(2): the number in the mount table of the mount with this unique number; 0 if there is
   * no such mount, empty if the kernel does not say.
   */
  OptionalLong inTable(long unique);
}
