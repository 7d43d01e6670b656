package dev.keg.driver;

import dev.keg.volume.Ownership;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;

/** A volume to be made in an empty home. */
public record CreateRequest(
    Volume volume, VolumeHome home, DriverOptions options, Ownership ownership, Secrets secrets) {}
