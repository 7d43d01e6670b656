package dev.keg.moving;

import dev.keg.volume.VolumeName;
import java.util.Optional;

/**
 * A request to move a volume.
 *
 * @param to the destination; empty to continue a move
 * @param name the volume's name there; empty for the same name
 * @param copy whether the volume also stays here
 * @param samePlace whether its options may refer to paths of the other host
 * @param pre the operator's command to run before the volume is held
 * @param post the operator's command to run if the volume stays here, after a failure or as a copy
 * @param byPolicy whether a policy requests it, which then deletes the snapshots that it took
 */
public record MoveRequest(
    VolumeName volume,
    Optional<MoveDestination> to,
    Optional<VolumeName> name,
    boolean copy,
    boolean samePlace,
    Optional<String> pre,
    Optional<String> post,
    boolean byPolicy) {

  /** Moves a volume, or completes its move. */
  public static MoveRequest of(VolumeName volume, Optional<MoveDestination> to) {
    return of(volume, to, false);
  }

  /** Moves a volume to another pool at the request of a policy. */
  public static MoveRequest byPolicy(VolumeName volume) {
    return of(volume, Optional.empty(), true);
  }

  private static MoveRequest of(VolumeName volume, Optional<MoveDestination> to, boolean byPolicy) {
    return new MoveRequest(
        volume, to, Optional.empty(), false, false, Optional.empty(), Optional.empty(), byPolicy);
  }
}
