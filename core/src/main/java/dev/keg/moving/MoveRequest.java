package dev.keg.moving;

import dev.keg.volume.VolumeName;
import java.util.Optional;

/**
 * How a volume is to move.
 *
 * @param to where; where a move that has begun goes to if it is empty
 * @param name of the volume there; the same if it is empty
 * @param copy whether the volume stays here as well
 * @param samePlace whether its options may name places of the other host
 * @param pre what the operator runs before the volume is held
 * @param post what the operator runs when the volume stays here, after all or as well
 * @param byPolicy whether a policy says so, which then gives up the snapshots that it made
 */
public record MoveRequest(
    VolumeName volume,
    Optional<Destination> to,
    Optional<VolumeName> name,
    boolean copy,
    boolean samePlace,
    Optional<String> pre,
    Optional<String> post,
    boolean byPolicy) {

  /** To move it, or to complete its move. */
  public static MoveRequest of(VolumeName volume, Optional<Destination> to) {
    return of(volume, to, false);
  }

  /** To move it to another pool since a policy says so. */
  public static MoveRequest byPolicy(VolumeName volume) {
    return of(volume, Optional.empty(), true);
  }

  private static MoveRequest of(VolumeName volume, Optional<Destination> to, boolean byPolicy) {
    return new MoveRequest(
        volume, to, Optional.empty(), false, false, Optional.empty(), Optional.empty(), byPolicy);
  }
}
