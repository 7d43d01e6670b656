package dev.keg.volume;

import java.time.Instant;
import java.util.Optional;

/**
 * A volume at one moment.
 *
 * @param volume its description at that time
 * @param expires when {@code keg maintain} may remove it; empty for never
 * @param shared whether it shares its data with the volume, and takes space only for changes
 * @param consistent whether nobody could write to the volume meanwhile
 * @param scheduled whether maintenance took it, and may remove it by its policy
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

  /** The same on another disk, where it shares nothing with the volume. */
  public Snapshot asCopy() {
    return new Snapshot(volume, name, created, expires, false, consistent, scheduled);
  }

  @Override
  public String toString() {
    return volume.name() + "@" + name;
  }
}
