package dev.keg.backup.repack;

import dev.keg.backup.repository.rest.Grace;
import dev.keg.volume.Size;

/**
 * How far to repack a repository.
 *
 * @param mostUnused the percentage of the data that may be unused afterwards
 * @param most the limit for the data to copy
 * @param grace when replaced data is deleted
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

  /** How many bytes may be unused in addition to this many needed ones. */
  long mostUnused(long needed) {
    return (long) (needed * (mostUnused / (100.0 - mostUnused)));
  }
}
