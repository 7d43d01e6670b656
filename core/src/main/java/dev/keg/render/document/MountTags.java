package dev.keg.render.document;

import dev.keg.error.DriverException.NotSupported;

/**
 * Numbers the shares of a machine in order; QEMU's arguments and the machine's documents must
 * agree.
 */
final class MountTags {
  private int next;

  /** The next name, for a directory. */
  String next(Vocabulary words, Part.Tree tree) throws NotSupported {
    if (!tree.directory()) {
      throw words.refused(
          tree, "only directories can be shared with a machine, not the file " + tree.source());
    }
    return "mount" + next++;
  }
}
