package dev.keg.volume;

import java.time.Instant;
import java.util.Optional;

/**
 * A volume as it was at one moment.
 *
 * @param volume as it was described then
 * @param expires when {@code keg maintain} may remove it; never if it is empty
 * @param shared whether it shares its data with the volume, and takes room only for what changed
 * @param consistent whether nobody could write to the volume while it was made
 * @param scheduled whether maintenance made it, and may remove it by its policy
 */
public record Snapshot(
    Volume volume,
    SnapshotName name,
    Instant created,
    Optional<Instant> expires,
    boolean shared,
    boolean consistent,
    boolean scheduled) {

  public boolean hasExpired(Instant now) {
    return expires.filter(end -> !now.isBefore(end)).isPresent();
  }

  @Override
  public String toString() {
    return volume.name() + "@" + name;
  }
}
