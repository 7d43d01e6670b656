package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;

/**
 * A request to make a volume's data visible.
 *
 * @param readOnly whether it is only to be read where it is mounted; a driver that makes whole
 *     disks visible may make this one read-only
 * @param holder who asks: the same text whenever the same holder does; empty for a command that
 *     holds nothing
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

  /** A request of nobody in particular. */
  public MountRequest(
      Volume volume, VolumeHome home, DriverOptions options, Secrets secrets, boolean readOnly) {
    this(volume, home, options, secrets, readOnly, "");
  }
}
