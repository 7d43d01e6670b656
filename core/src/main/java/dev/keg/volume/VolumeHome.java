package dev.keg.volume;

import java.nio.file.Path;

/** The directory that is a volume: its description, its data, and what its driver keeps there. */
public record VolumeHome(Path path) {
  /** What consumers see; a driver that mounts something mounts it here. Docker's name for it. */
  public Path data() {
    return path.resolve("_data");
  }

  /** A file that belongs to the driver. */
  public Path file(String name) {
    return path.resolve(name);
  }
}
