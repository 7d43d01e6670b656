package dev.keg.backup.restore;

import dev.keg.registry.RegistryLayout;
import dev.keg.registry.RestoreJournal;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;

/**
 * Where a restore works: the live tree, the stage in which the new one is made, where the one
 * before is kept, where it goes to be deleted, and the journal. All but the journal are on one file
 * system.
 */
record RestorePlace(Path live, Path stage, Path previous, Path trash, Path journal) {
  private static final String STAGE = "restore-new";
  private static final String PREVIOUS = "restore-old";
  private static final String TRASH = "restore-trash";

  /** For a volume whose data is a plain directory in its home. */
  public static RestorePlace beside(VolumeHome home) {
    return new RestorePlace(
        home.data(),
        home.file(STAGE),
        home.file(PREVIOUS),
        home.file(TRASH),
        RegistryLayout.restoreJournal(home));
  }

  /** For a volume whose data is mounted: only inside of it is the same file system. */
  public static RestorePlace inside(VolumeHome home, Path live) {
    Path directory = live.resolve(RestoreJournal.DIRECTORY);
    return new RestorePlace(
        live,
        directory.resolve(STAGE),
        directory.resolve(PREVIOUS),
        directory.resolve(TRASH),
        RegistryLayout.restoreJournal(home));
  }

  boolean isInside() {
    return stage.startsWith(live);
  }
}
