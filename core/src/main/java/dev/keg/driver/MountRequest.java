package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;

/** A volume whose data is to become visible. */
public record MountRequest(
    Volume volume, VolumeHome home, DriverOptions options, Secrets secrets) {}
