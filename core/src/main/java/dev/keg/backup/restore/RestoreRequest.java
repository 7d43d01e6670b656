package dev.keg.backup.restore;

import dev.keg.backup.extract.Selection;
import dev.keg.volume.VolumeName;
import java.util.Optional;

/**
 * What to restore, and how.
 *
 * @param volume the volume that gets the data; created if it is missing
 * @param paths the paths to restore; empty for everything
 * @param verify whether to compare the result with the backup before it becomes live
 * @param skipDamaged whether to restore the rest if files are damaged
 * @param trusted whether a foreign archive may restore devices, setuid bits and security attributes
 * @param samePlace whether a foreign archive may refer to paths of the host
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
  /** How to treat existing files. */
  public enum Mode {
    /** There must be none. */
    EMPTY,
    /** They are deleted; only the backup remains. */
    REPLACE,
    /** The same, but unchanged content is taken from them instead of the backup. */
    REPLACE_CHANGED,
    /** They are kept, unless the backup has a file with the same name. */
    MERGE;

    /** Whether only the backup remains. */
    public boolean replaces() {
      return this == REPLACE || this == REPLACE_CHANGED;
    }
  }

  /** Everything in an archive or an image of unknown origin. */
  public static RestoreRequest foreign(VolumeName volume, Mode mode, boolean trusted, int threads) {
    return new RestoreRequest(
        volume, Optional.empty(), mode, false, false, trusted, false, threads);
  }

  /** The same, restoring only these paths. */
  public RestoreRequest only(Optional<Selection> wanted) {
    return new RestoreRequest(
        volume, wanted, mode, verify, skipDamaged, trusted, samePlace, threads);
  }
}
