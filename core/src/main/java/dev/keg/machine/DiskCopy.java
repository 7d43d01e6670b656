package dev.keg.machine;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A copy to be made of a running machine's disk.
 *
 * @param target an empty disk of the same size, for the whole disk of the same format
 * @param since the bitmap of what was written since an earlier copy; with it the target is a qcow2
 *     image that gets nothing else
 * @param next the bitmap that begins with this copy, for the next one
 */
public record DiskCopy(Plug plug, Path target, Optional<String> since, Optional<String> next) {
  /** Of the whole disk, without a record for the next one. */
  public DiskCopy(Plug plug, Path target) {
    this(plug, target, Optional.empty(), Optional.empty());
  }
}
