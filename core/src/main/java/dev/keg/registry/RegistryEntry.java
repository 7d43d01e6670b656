package dev.keg.registry;

import dev.keg.error.VolumeException;
import dev.keg.volume.Volume;

/** An entry of the volumes directory. */
public sealed interface RegistryEntry {
  /** A volume that can be read. */
  record Intact(Volume volume) implements RegistryEntry {}

  /** Something unreadable, and why. */
  record Broken(String name, VolumeException problem) implements RegistryEntry {}
}
