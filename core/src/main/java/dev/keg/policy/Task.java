package dev.keg.policy;

import dev.keg.backup.repository.Backup;
import dev.keg.volume.VolumeName;

/** Something that is due. */
public sealed interface Task {
  VolumeName volume();

  /** The repository. */
  String location();

  /** Why it is due. */
  String why();

  /** To back a volume up. */
  record Save(VolumeName volume, String location, String why) implements Task {}

  /** To read the newest backup of a volume, and see whether it is whole. */
  record Verify(VolumeName volume, String location, String why, Backup backup) implements Task {}

  /** To restore the newest backup of a volume to a scratch volume, and compare. */
  record Drill(VolumeName volume, String location, String why, Backup backup) implements Task {}
}
