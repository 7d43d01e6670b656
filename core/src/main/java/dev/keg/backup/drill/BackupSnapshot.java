package dev.keg.backup.drill;

import dev.keg.backup.extract.Selection;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.restore.Restoring;
import dev.keg.backup.save.BackupContext;
import dev.keg.backup.save.TemporarySnapshot;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.file.FileFailures;
import dev.keg.tree.TreeListener;
import dev.keg.volume.Options;
import dev.keg.volume.PoolName;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A backup as a snapshot of its volume, for commands that read snapshots: its files in a plain
 * directory, whatever the driver. It is restored to a scratch volume, whose tree is renamed to the
 * snapshot's.
 */
public record BackupSnapshot(BackupContext context, String operation, VolumeName volume) {
  /** The name of a backup's snapshot. */
  public static SnapshotName name(BackupId id) {
    return new SnapshotName("backup-" + id.text());
  }

  /** The snapshot of this backup, whether or not it exists. */
  public TemporarySnapshot temporary(BackupId id) {
    return new TemporarySnapshot(context, operation, volume, name(id));
  }

  /** Creates the snapshot; returns false if another command has created it meanwhile. */
  public boolean make(
      BackupRecord record, RestoreSource source, int threads, TreeListener listener) {
    return make(record, source, Optional.empty(), temporary(record.id()), threads, listener);
  }

  /**
   * Creates a snapshot for this command alone.
   *
   * @param part what it has of the backup
   */
  public TemporarySnapshot make(
      BackupRecord record,
      RestoreSource source,
      Selection part,
      int threads,
      TreeListener listener) {
    SnapshotName own =
        new SnapshotName(name(record.id()) + "-%016x".formatted(context.random().nextLong()));
    TemporarySnapshot snapshot = new TemporarySnapshot(context, operation, volume, own);
    var _ = make(record, source, Optional.of(part), snapshot, threads, listener);
    return snapshot;
  }

  private boolean make(
      BackupRecord record,
      RestoreSource source,
      Optional<Selection> part,
      TemporarySnapshot snapshot,
      int threads,
      TreeListener listener) {
    if (record.volume().holdsDisk()) {
      String subject = volume + "@" + record.id().text();
      throw new NotSupported(
          operation,
          subject,
          "the backup holds a disk; `keg clone %s NEW` makes a volume of it".formatted(subject));
    }
    ScratchVolume.sweep(context);
    // Renaming requires the same disk as the volume's.
    PoolName pool = context.registry().layout().places().poolOf(volume);
    try (ScratchVolume scratch = ScratchVolume.create(context, volume, record.id().text(), pool)) {
      new Restoring(context)
          .restore(
              source,
              RestoreRequest.foreign(scratch.name(), Mode.EMPTY, false, threads).only(part),
              listener);
      return publish(record, scratch.data(), snapshot);
    }
  }

  private boolean publish(BackupRecord record, Path tree, TemporarySnapshot snapshot) {
    try (var _ = context.registry().lock().lock(volume)) {
      Volume now = context.registry().get(operation, volume);
      if (context.registry().snapshots().find(volume, snapshot.name()).isPresent()) {
        return false;
      }
      VolumeHome staged = context.registry().stageBeside(volume);
      try {
        FileFailures.run("create", staged.data(), () -> Files.move(tree, staged.data()));
        snapshot.publish(plain(now, record), staged, false, record.counts().changed() == 0);
        return true;
      } catch (RuntimeException e) {
        context.registry().abandon(staged);
        throw e;
      }
    }
  }

  private Volume plain(Volume now, BackupRecord record) {
    Volume saved = record.volume().fromBackup();
    return new Volume(volume, Volume.DEFAULT_DRIVER, Options.NONE, saved.labels(), now.created())
        .withDescription(saved.details().description());
  }
}
