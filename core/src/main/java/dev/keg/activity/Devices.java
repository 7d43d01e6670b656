package dev.keg.activity;

import java.nio.file.Path;
import java.util.Optional;

/** The devices of a machine. */
@FunctionalInterface
public interface Devices {
  /** The device that stores the file; empty if it is in memory, or if the system does not tell. */
  Optional<Device> below(Path file);
}
