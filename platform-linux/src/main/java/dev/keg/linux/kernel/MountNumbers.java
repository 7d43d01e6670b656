package dev.keg.linux.kernel;

import java.nio.file.Path;
import java.util.OptionalLong;

/** Numbers that distinguish a mount from a later one with the same id in the mount table. */
public interface MountNumbers {
  /**
   * statx(2), STATX_MNT_ID_UNIQUE: the number of the mount seen at the path, which is not reused
   * before the next boot. 0 before Linux 6.8.
   */
  long unique(Path path);

  /**
   * statmount(2): the id in the mount table of the mount with this unique number; 0 if there is no
   * such mount, empty if the kernel does not tell.
   */
  OptionalLong inTable(long unique);
}
