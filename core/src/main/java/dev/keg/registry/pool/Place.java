package dev.keg.registry.pool;

import dev.keg.volume.PoolName;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;

/** A directory with volumes: the root, or a pool. Files move within it by renaming. */
public record Place(PoolName pool, Path directory) {
  public Path volumes() {
    return directory.resolve("volumes");
  }

  public VolumeHome home(VolumeName name) {
    return new VolumeHome(volumes().resolve(name.text()));
  }

  /** Unfinished files. It is on the same file system as the volumes, so a rename publishes them. */
  public Path staging() {
    return directory.resolve("staging");
  }

  /** Removed files that wait for deletion. */
  public Path trash() {
    return directory.resolve("trash");
  }

  /** Copies of volumes that are moving here from another place. */
  public Path arriving() {
    return directory.resolve("arriving");
  }

  public boolean isDefault() {
    return pool.isDefault();
  }
}
