package dev.keg.render.document;

import dev.keg.error.DriverException.NotSupported;

/** Gives a machine's shares their names, in order; QEMU and the machine have to count alike. */
final class MountTags {
  private int next;

  /** The next name, for a directory. */
  String next(Vocabulary words, Part.Tree tree) throws NotSupported {
    if (!tree.directory()) {
      throw words.refused(
          tree, "a machine can share directories only, not the file " + tree.source());
    }
    return "mount" + next++;
  }
}
