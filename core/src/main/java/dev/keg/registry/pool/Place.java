package dev.keg.registry.pool;

import dev.keg.volume.PoolName;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;

/** A directory that has volumes: the root, or a pool. What it has moves within it by renaming. */
public record Place(PoolName pool, Path directory) {
  public Path volumes() {
    return directory.resolve("volumes");
  }

  public VolumeHome home(VolumeName name) {
    return new VolumeHome(volumes().resolve(name.text()));
  }

  /** What is unfinished. It is on the same file system as the volumes, so a rename publishes it. */
  public Path staging() {
    return directory.resolve("staging");
  }

  /** What is removed and waits to be deleted. */
  public Path trash() {
    return directory.resolve("trash");
  }

  /** Copies of volumes that are on the way from another place. */
  public Path arriving() {
    return directory.resolve("arriving");
  }

  public boolean isDefault() {
    return pool.equals(PoolName.DEFAULT);
  }
}
