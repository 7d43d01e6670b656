package dev.keg.backup.drill;

import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.restore.Restoring;
import dev.keg.backup.save.BackupContext;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.HolderException.SnapshotInUse;
import dev.keg.file.FileFailures;
import dev.keg.registry.SnapshotRegistry;
import dev.keg.registry.lock.SnapshotLock;
import dev.keg.tree.TreeListener;
import dev.keg.volume.Options;
import dev.keg.volume.PoolName;
import dev.keg.volume.Snapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A backup as a snapshot of its volume, for commands that read snapshots: its files in a plain
 * directory, whatever the driver. It is restored to a scratch volume, whose tree is renamed to the
 * snapshot's.
 */
public record BackupSnapshot(BackupContext context, String operation, VolumeName volume) {
  /** How long a snapshot is kept that its command does not remove. */
  private static final Duration KEPT = Duration.ofDays(1);

  /** The name of a backup's snapshot. */
  public static SnapshotName name(BackupId id) {
    return new SnapshotName("backup-" + id.text());
  }

  /** Creates the snapshot; returns false if another command has created it meanwhile. */
  public boolean make(
      BackupRecord record, RestoreSource source, int threads, TreeListener listener) {
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
              source, RestoreRequest.foreign(scratch.name(), Mode.EMPTY, false, threads), listener);
      return publish(record, scratch.data());
    }
  }

  private boolean publish(BackupRecord record, Path tree) {
    SnapshotRegistry snapshots = context.registry().snapshots();
    try (var _ = context.registry().lock().lock(volume)) {
      Volume now = context.registry().get(operation, volume);
      if (snapshots.find(volume, name(record.id())).isPresent()) {
        return false;
      }
      VolumeHome staged = context.registry().stageBeside(volume);
      try {
        FileFailures.run("create", staged.data(), () -> Files.move(tree, staged.data()));
        snapshots.publish(snapshot(now, record), staged);
        return true;
      } catch (RuntimeException e) {
        context.registry().abandon(staged);
        throw e;
      }
    }
  }

  private Snapshot snapshot(Volume now, BackupRecord record) {
    Volume saved = record.volume().fromBackup();
    Volume plain =
        new Volume(volume, Volume.DEFAULT_DRIVER, Options.NONE, saved.labels(), now.created())
            .withDescription(saved.details().description());
    Instant made = context.clock().instant();
    return new Snapshot(
        plain,
        name(record.id()),
        made,
        Optional.of(made.plus(KEPT)),
        false,
        record.counts().changed() == 0,
        false);
  }

  /** Removes the snapshot of a backup, if it exists; one that is in use expires later. */
  public void remove(SnapshotName name) {
    SnapshotRegistry snapshots = context.registry().snapshots();
    try (var _ = context.registry().lock().lock(volume)) {
      VolumeHome home = snapshots.home(volume, name);
      if (!Files.isDirectory(home.path(), LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
      String subject = volume + "@" + name;
      context.services().conflicts().refuseMountedSnapshots(operation, subject, home.path());
      SnapshotLock.requireFree(operation, subject, home);
      snapshots.remove(volume, name);
    } catch (SnapshotInUse _) {
      return;
    }
  }
}
