package dev.keg.backup.extract;

import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.tree.Entry;
import dev.keg.tree.FileKind.Symlink;
import dev.keg.tree.Xattrs.Xattr;

/** Limits of the kernel that an archive may exceed. */
final class KernelLimits {
  /** {@code PATH_MAX} includes the final zero byte. */
  private static final int LONGEST_TARGET = 4095;

  /** {@code XATTR_NAME_MAX}. */
  private static final int LONGEST_NAME = 255;

  private KernelLimits() {}

  static void require(String archive, Entry entry) {
    if (entry.kind() instanceof Symlink link && link.target().length() > LONGEST_TARGET) {
      throw new InvalidArchive(
          archive,
          entry.path().toString(),
          "the target of the link has %d bytes, more than %d"
              .formatted(link.target().length(), LONGEST_TARGET));
    }
    for (Xattr xattr : entry.attributes().xattrs().list()) {
      if (xattr.name().length() > LONGEST_NAME) {
        throw new InvalidArchive(
            archive,
            entry.path().toString(),
            "the name of an extended attribute has %d bytes, more than %d"
                .formatted(xattr.name().length(), LONGEST_NAME));
      }
    }
  }
}
