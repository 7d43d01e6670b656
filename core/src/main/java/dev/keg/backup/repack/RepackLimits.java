package dev.keg.backup.repack;

import dev.keg.backup.repository.rest.Grace;
import dev.keg.volume.Size;

/**
 * How far a repository is repacked.
 *
 * @param mostUnused the part of the data that may be unused afterwards, in percent
 * @param most how much is copied at most
 * @param grace when that is deleted in whose place a copy is
 */
public record RepackLimits(int mostUnused, Size most, Grace grace) {
  public RepackLimits(int mostUnused, Size most) {
    this(mostUnused, most, Grace.DAY);
  }

  public RepackLimits {
    if (mostUnused < 0 || mostUnused > 99) {
      throw new IllegalArgumentException(mostUnused + " % unused");
    }
  }

  /** How much may be unused beside so much that is needed. */
  long mostUnused(long needed) {
    return (long) (needed * (mostUnused / (100.0 - mostUnused)));
  }
}
