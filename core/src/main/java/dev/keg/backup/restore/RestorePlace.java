package dev.keg.backup.restore;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * The paths of a restore: the live tree, the stage for the new one, the previous tree, the trash,
 * and the journal. All but the journal are on the same file system.
 */
record RestorePlace(Path live, Path stage, Path previous, Path trash, Path journal) {
  private static final String PREVIOUS = "restore-old";
  private static final String TRASH = "restore-trash";
  private static final Set<String> NAMES = Set.of(RestoreJournal.STAGE, PREVIOUS, TRASH);

  /** For a volume whose data is a plain directory in its home. */
  public static RestorePlace beside(VolumeHome home) {
    return new RestorePlace(
        home.data(),
        home.file(RestoreJournal.STAGE),
        home.file(PREVIOUS),
        home.file(TRASH),
        RegistryLayout.restoreJournal(home));
  }

  /**
   * For a volume whose data is mounted: only paths inside the mount are on the same file system.
   */
  public static RestorePlace inside(VolumeHome home, Path live) {
    Path directory = live.resolve(RestoreJournal.DIRECTORY);
    return new RestorePlace(
        live,
        directory.resolve(RestoreJournal.STAGE),
        directory.resolve(PREVIOUS),
        directory.resolve(TRASH),
        RegistryLayout.restoreJournal(home));
  }

  boolean isInside() {
    return stage.startsWith(live);
  }

  /** Refuses a volume in which a file of somebody else has one of the needed names. */
  void requireFree() {
    Path directory = stage.resolveSibling("");
    boolean taken =
        isInside()
            && FileFailures.<Boolean>translate(
                "examine",
                directory,
                () -> Files.exists(directory, NOFOLLOW_LINKS) && !isOurs(directory));
    if (taken) {
      throw new RestoreFailed(
          String.valueOf(journal.resolveSibling("").getFileName()),
          directory + " does not belong to Keg, but has the name that a restore needs",
          "check it, then move it away or remove it");
    }
  }

  private static boolean isOurs(Path directory) throws IOException {
    return Files.isDirectory(directory, NOFOLLOW_LINKS)
        && DirectoryEntries.of(directory).stream()
            .allMatch(entry -> NAMES.contains(entry.getFileName().toString()));
  }
}
