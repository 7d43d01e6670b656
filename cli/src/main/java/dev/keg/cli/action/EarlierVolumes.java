package dev.keg.cli.action;

import dev.keg.backup.drill.BackupSnapshot;
import dev.keg.cli.option.backup.EarlierVolume;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.output.report.RestoreReport;
import dev.keg.cli.session.Session;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.mountspec.MountSpec;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.VolumeAt;
import dev.keg.volume.VolumeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Resolves {@code VOLUME[@X]} for commands that read snapshots. A backup becomes a snapshot while
 * the command runs.
 */
public final class EarlierVolumes implements AutoCloseable {
  private final Session session;
  private final String operation;
  private final List<TemporarySnapshot> made = new ArrayList<>();

  private record TemporarySnapshot(BackupSnapshot backup, SnapshotName name) {}

  public EarlierVolumes(Session session, String operation) {
    this.session = session;
    this.operation = operation;
  }

  /** The volume itself, or a snapshot, which is created if necessary. */
  public VolumeAt at(String text) {
    Optional<EarlierVolume> earlier = EarlierVolume.of(session, operation, text);
    return earlier.isEmpty()
        ? new VolumeAt(text, Optional.empty())
        : new VolumeAt(earlier.get().volume(), Optional.of(snapshot(earlier.get())));
  }

  /** The same mount with the resolved volume, if it is one of a snapshot. */
  public MountSpec at(MountSpec mount) {
    return mount instanceof MountSpec.Snapshot snapshot
        ? snapshot.of(at(snapshot.source().toString()))
        : mount;
  }

  private SnapshotName snapshot(EarlierVolume earlier) {
    VolumeName volume =
        earlier.existing().orElseThrow(() -> new NotFound(operation, earlier.volume()));
    return earlier
        .snapshot()
        .orElseGet(() -> earlier.shown(volume, shown -> restore(volume, shown)));
  }

  private void restore(VolumeName volume, EarlierVolume.OpenBackup found) {
    BackupSnapshot snapshot = new BackupSnapshot(session.backups(), operation, volume);
    String what = operation + " " + volume + "@" + found.record().id().text();
    RestoreReport report =
        new RestoreReport(
            session.streams().err(),
            operation,
            volume,
            Progress.of(session, what, () -> found.record().counts().size()));
    int threads = Runtime.getRuntime().availableProcessors();
    try {
      if (snapshot.make(found.record(), found.source(), threads, report)) {
        made.add(new TemporarySnapshot(snapshot, BackupSnapshot.name(found.record().id())));
      }
    } finally {
      var _ = report.summary();
    }
  }

  /** Keeps the created snapshots until they expire. */
  public void keep() {
    made.clear();
  }

  @Override
  public void close() {
    // Only the command was interrupted, not the cleanup.
    var _ = Thread.interrupted();
    made.forEach(one -> one.backup().remove(one.name()));
  }
}
