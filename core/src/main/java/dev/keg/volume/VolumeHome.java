package dev.keg.volume;

import java.nio.file.Path;

/** The directory of a volume: its description, its data, and files of its driver. */
public record VolumeHome(Path path) {
  /**
   * The directory that consumers see; a driver that mounts something mounts it here. The name is
   * docker's.
   */
  public Path data() {
    return path.resolve("_data");
  }

  /** A file that belongs to the driver. */
  public Path file(String name) {
    return path.resolve(name);
  }
}
