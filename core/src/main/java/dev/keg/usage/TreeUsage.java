package dev.keg.usage;

import dev.keg.volume.Size;
import java.util.Optional;

/**
 * What a tree takes, each inode once however many names it has.
 *
 * @param size as docker counts it: the lengths of everything but directories, a link by its own
 * @param allocated the blocks of everything, directories included, so without holes; empty if the
 *     system does not tell
 * @param files everything but directories
 * @param directories including the root
 */
public record TreeUsage(Size size, Optional<Size> allocated, long files, long directories) {
  /** Of a tree that is not there. */
  static final TreeUsage NOTHING = new TreeUsage(Size.ZERO, Optional.of(Size.ZERO), 0, 0);
}
