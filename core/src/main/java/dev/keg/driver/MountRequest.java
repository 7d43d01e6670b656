package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;

/** A request to make a volume's data visible. */
public record MountRequest(
    Volume volume, VolumeHome home, DriverOptions options, Secrets secrets) {}
