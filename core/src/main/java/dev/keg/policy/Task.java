package dev.keg.policy;

import dev.keg.backup.repository.Backup;
import dev.keg.volume.PoolName;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.VolumeName;

/** A task that is due. */
public sealed interface Task {
  VolumeName volume();

  /** The repository; empty for a task on this host alone. */
  default String location() {
    return "";
  }

  /** Why it is due. */
  String why();

  /** Back up a volume. */
  record Save(VolumeName volume, String location, String why) implements Task {}

  /** Read the newest backup of a volume and verify that it is sound. */
  record Verify(VolumeName volume, String location, String why, Backup backup) implements Task {}

  /** Restore the newest backup of a volume to a scratch volume, and compare. */
  record Drill(VolumeName volume, String location, String why, Backup backup) implements Task {}

  /** Take a snapshot of a volume. */
  record MakeSnapshot(VolumeName volume, String why) implements Task {}

  /** Remove a snapshot that has expired, or that the policy does not keep. */
  record RemoveSnapshot(VolumeName volume, SnapshotName snapshot, String why) implements Task {}

  /** Move a volume to another pool. */
  record Move(VolumeName volume, PoolName pool, String why) implements Task {}
}
