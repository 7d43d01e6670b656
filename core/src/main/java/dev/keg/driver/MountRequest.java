package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;

/**
 * A request to make a volume's data visible.
 *
 * @param readOnly whether it will only be read at its target; a driver that makes whole disks
 *     visible may make this one read-only
 * @param holder identifies the holder; always the same text for the same holder, and empty for a
 *     command that holds nothing
 */
public record MountRequest(
    Volume volume,
    VolumeHome home,
    DriverOptions options,
    Secrets secrets,
    boolean readOnly,
    String holder) {

  /** A request to make the data visible for reading and writing. */
  public MountRequest(Volume volume, VolumeHome home, DriverOptions options, Secrets secrets) {
    this(volume, home, options, secrets, false);
  }

  /** A request without a holder. */
  public MountRequest(
      Volume volume, VolumeHome home, DriverOptions options, Secrets secrets, boolean readOnly) {
    this(volume, home, options, secrets, readOnly, "");
  }
}
