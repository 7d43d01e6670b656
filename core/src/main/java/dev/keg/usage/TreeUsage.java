package dev.keg.usage;

import dev.keg.volume.Size;
import java.util.Optional;

/**
 * The space of a tree, counting each inode once however many names it has.
 *
 * @param size docker's count: the lengths of everything but directories, including those of links
 *     themselves
 * @param allocated the blocks of everything, including directories, so without holes; empty if the
 *     system does not tell
 * @param files everything but directories
 * @param directories including the root
 */
public record TreeUsage(Size size, Optional<Size> allocated, long files, long directories) {
  /** The space of a missing tree. */
  static final TreeUsage NOTHING = new TreeUsage(Size.ZERO, Optional.of(Size.ZERO), 0, 0);
}
