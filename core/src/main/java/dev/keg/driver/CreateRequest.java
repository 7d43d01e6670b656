package dev.keg.driver;

import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;

/** A request to create a volume in an empty home. */
public record CreateRequest(
    Volume volume, VolumeHome home, DriverOptions options, Ownership ownership, Secrets secrets) {}
