package dev.keg.policy;

import dev.keg.backup.repository.Backup;
import dev.keg.volume.PoolName;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.VolumeName;

/** Something that is due. */
public sealed interface Task {
  VolumeName volume();

  /** The repository; empty for what happens on this host alone. */
  default String location() {
    return "";
  }

  /** Why it is due. */
  String why();

  /** To back a volume up. */
  record Save(VolumeName volume, String location, String why) implements Task {}

  /** To read the newest backup of a volume, and see whether it is whole. */
  record Verify(VolumeName volume, String location, String why, Backup backup) implements Task {}

  /** To restore the newest backup of a volume to a scratch volume, and compare. */
  record Drill(VolumeName volume, String location, String why, Backup backup) implements Task {}

  /** To make a snapshot of a volume. */
  record MakeSnapshot(VolumeName volume, String why) implements Task {}

  /** To remove a snapshot that has expired, or that the policy does not keep. */
  record RemoveSnapshot(VolumeName volume, SnapshotName snapshot, String why) implements Task {}

  /** To move a volume to another pool. */
  record Move(VolumeName volume, PoolName pool, String why) implements Task {}
}
