package dev.keg.copying;

import dev.keg.attachment.Conflicts.CopySource;
import dev.keg.backup.restore.Creating;
import dev.keg.backup.save.BackupContext;
import dev.keg.cloning.DirectoryCopy;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.file.FileFailures;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.tree.TreeListener;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.View;
import java.nio.file.Path;

/**
 * Creates volumes with the data of another volume, of a snapshot, or of a directory of the host, as
 * {@link Creating} creates them from backups. The driver may differ from the source's.
 */
public record Filling(BackupContext context, TreeListener listener) {
  private static final String OPERATION = "create";

  /** From a volume, which nobody may write to meanwhile. */
  public Volume fromVolume(VolumeRequest request, VolumeName source) {
    context.registry().openForWriting();
    try (var _ = context.registry().lock().lock(source, request.name())) {
      context.services().conflicts().refuseCopying(OPERATION, source, CopySource.DIRECTORY);
      try (View view = context.views().open(OPERATION, source)) {
        RestoreJournal.requireWhole(OPERATION, source, context.home(view.volume()));
        return fill(request, view.data());
      }
    }
  }

  public Volume fromSnapshot(VolumeRequest request, VolumeName source, SnapshotName snapshot) {
    try (View view = context.views().openSnapshot(OPERATION, source, snapshot)) {
      return fill(request, view.data());
    }
  }

  public Volume fromDirectory(VolumeRequest request, Path directory) {
    Path real = FileFailures.translate("read", directory, directory::toRealPath);
    return fill(request, real);
  }

  private Volume fill(VolumeRequest request, Path data) {
    return new Creating(context).create(request, stage -> copy(request, data, stage));
  }

  private void copy(VolumeRequest request, Path data, Path stage) {
    Path real = FileFailures.translate("read", stage, stage::toRealPath);
    if (real.startsWith(data)) {
      throw new NotSupported(
          OPERATION, request.name().text(), "it would be inside %s, its source".formatted(data));
    }
    new DirectoryCopy(context.trees(), OPERATION, request.name(), listener).run(data, stage);
  }
}
