package dev.keg.backup.save;

import dev.keg.error.BackupException.BackupFailed;
import dev.keg.error.VolumeException;
import dev.keg.file.FileFailures;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether a path is inside a volume, even through links and mounts of the volume. */
public final class Containment {
  private Containment() {}

  /** Refuses to write a volume's backup into the volume. */
  public static void requireOutside(Volume volume, Path data, Path place, String kind) {
    if (holds(data, place)) {
      throw new BackupFailed(
          volume.name().text(),
          place + " is inside the volume",
          "choose a " + kind + " outside of the volume");
    }
  }

  private static boolean holds(Path data, Path place) {
    return FileFailures.translate("examine", place, () -> isBelow(place.toAbsolutePath(), data));
  }

  private static boolean isBelow(Path place, Path data) throws IOException {
    Path there = place;
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    for (Path at = there == null ? null : there.toRealPath(); at != null; at = at.getParent()) {
      if (Files.isSameFile(at, data)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Refuses a directory for backups inside a volume; a volume that is not visible now contains
   * none.
   */
  static void requireOutside(BackupContext context, VolumeName name, Path directory) {
    Optional<View> visible =
        context.volumes().exists(name.text()) ? visible(context, name) : Optional.empty();
    if (visible.isPresent()) {
      try (View view = visible.get()) {
        requireOutside(view.volume(), view.data(), directory, "repository");
      }
    }
  }

  private static Optional<View> visible(BackupContext context, VolumeName name) {
    try {
      return Optional.of(context.views().open("backup", name));
    } catch (VolumeException _) {
      return Optional.empty();
    }
  }
}
