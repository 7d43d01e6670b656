package dev.keg.machine;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A request to copy a running machine's disk.
 *
 * @param target an empty disk of the same size and, for a copy of the whole disk, of the same
 *     format
 * @param since the bitmap of writes since an earlier copy; if present, the target is a qcow2 image
 *     that receives only those
 * @param next the bitmap that starts with this copy, for the next one
 */
public record DiskCopy(Plug plug, Path target, Optional<String> since, Optional<String> next) {
  /** Copies the whole disk, without a bitmap for the next copy. */
  public DiskCopy(Plug plug, Path target) {
    this(plug, target, Optional.empty(), Optional.empty());
  }
}
