package dev.keg.backup.restore;

import dev.keg.backup.extract.Selection;
import dev.keg.volume.VolumeName;
import java.util.Optional;

/**
 * What to restore, and how.
 *
 * @param volume that gets the data; created if it is missing
 * @param paths these only; everything where it is empty
 * @param verify whether what was restored is compared with the backup before it becomes live
 * @param skipDamaged whether the rest is restored where files are damaged
 * @param trusted whether an archive from elsewhere may bring devices, setuid bits and security
 *     attributes
 * @param samePlace whether an archive from elsewhere may name places of the host
 */
public record RestoreRequest(
    VolumeName volume,
    Optional<Selection> paths,
    Mode mode,
    boolean verify,
    boolean skipDamaged,
    boolean trusted,
    boolean samePlace,
    int threads) {
  /** What becomes of the files that are there already. */
  public enum Mode {
    /** There must be none. */
    EMPTY,
    /** They go; the backup is what remains. */
    REPLACE,
    /** The same, but what the backup has as well is taken from them and not from the backup. */
    REPLACE_CHANGED,
    /** They stay, unless the backup has one of the same name. */
    MERGE;

    /** Whether only the backup remains. */
    public boolean replaces() {
      return this == REPLACE || this == REPLACE_CHANGED;
    }
  }

  /** All of an archive or an image, which somebody else may have made. */
  public static RestoreRequest foreign(VolumeName volume, Mode mode, boolean trusted, int threads) {
    return new RestoreRequest(
        volume, Optional.empty(), mode, false, false, trusted, false, threads);
  }
}
