package dev.keg.lifecycle;

import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.PoolName;
import dev.keg.volume.Protection;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A request for a volume.
 *
 * @param driver a driver's name; empty for the default, or that of an existing volume with the name
 * @param pool the pool for it; empty if its label gives it
 */
public record VolumeRequest(
    VolumeName name,
    String driver,
    Options options,
    Labels labels,
    Ownership ownership,
    String description,
    Protection protection,
    Optional<PoolName> pool) {
  /** A request without a description and protection. */
  public VolumeRequest(
      VolumeName name, String driver, Options options, Labels labels, Ownership ownership) {
    this(name, driver, options, labels, ownership, "", Protection.none(), Optional.empty());
  }

  /** A request with only a name. */
  public static VolumeRequest named(VolumeName name) {
    return new VolumeRequest(name, "", Options.NONE, Labels.NONE, Ownership.DEFAULT);
  }

  /** A request for an anonymous volume, with a random name and the label of such volumes. */
  public static VolumeRequest anonymous(
      RandomGenerator random, String driver, Options options, Labels labels, Ownership ownership) {
    return new VolumeRequest(
        VolumeName.anonymous(random),
        driver,
        options,
        labels.with(Labels.ANONYMOUS, ""),
        ownership);
  }

  public VolumeRequest withDescription(String text) {
    return new VolumeRequest(name, driver, options, labels, ownership, text, protection, pool);
  }

  public VolumeRequest withProtection(Protection wanted) {
    return new VolumeRequest(name, driver, options, labels, ownership, description, wanted, pool);
  }

  public VolumeRequest in(Optional<PoolName> wanted) {
    return new VolumeRequest(
        name, driver, options, labels, ownership, description, protection, wanted);
  }

  /** The requested volume. */
  public Volume volume(Instant created) {
    return new Volume(
            name, driver.isEmpty() ? Volume.DEFAULT_DRIVER : driver, options, labels, created)
        .withDescription(description)
        .withProtection(protection);
  }
}
