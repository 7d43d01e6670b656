package dev.keg.driver;

import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;

/** A driver that can hold a volume's data still, at one instant, while it goes on being used. */
public interface Snapshots {
  /** Takes the snapshot and says where its data is, read-only. */
  Path snapshot(Volume volume, VolumeHome home, String name);

  /** Drops it; one that is not there is no error. */
  void dropSnapshot(Volume volume, VolumeHome home, String name);
}
