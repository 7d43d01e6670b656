package dev.keg.cli.action;

import dev.keg.backup.drill.BackupSnapshot;
import dev.keg.backup.extract.Selection;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.restore.BackupPart;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.save.TemporarySnapshot;
import dev.keg.cli.option.backup.EarlierVolume;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.output.report.RestoreReport;
import dev.keg.cli.session.Session;
import dev.keg.copying.CopyEnd;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.mountspec.MountSpec;
import dev.keg.volume.Size;
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

  public EarlierVolumes(Session session, String operation) {
    this.session = session;
    this.operation = operation;
  }

  /** The volume itself, or a snapshot, which is created if necessary. */
  public VolumeAt at(String text) {
    return at(text, Optional.empty());
  }

  /**
   * The same end with the resolved volume, of which a copy reads only its path.
   *
   * @param follow whether a link at the end of the path is followed
   */
  public CopyEnd at(CopyEnd end, boolean follow) {
    return end instanceof CopyEnd.InVolume(String volume, String path)
        ? new CopyEnd.InVolume(
            at(volume, Optional.of(new BackupPart(path, follow))).toString(), path)
        : end;
  }

  private VolumeAt at(String text, Optional<BackupPart> part) {
    Optional<EarlierVolume> earlier = EarlierVolume.of(session, operation, text);
    return earlier.isEmpty()
        ? new VolumeAt(text, Optional.empty())
        : new VolumeAt(earlier.get().volume(), Optional.of(snapshot(earlier.get(), part)));
  }

  /** The same mount with the resolved volume, if it is one of a snapshot. */
  public MountSpec at(MountSpec mount) {
    return mount instanceof MountSpec.Snapshot snapshot
        ? snapshot.of(at(snapshot.source().toString()))
        : mount;
  }

  private SnapshotName snapshot(EarlierVolume earlier, Optional<BackupPart> part) {
    VolumeName volume =
        earlier.existing().orElseThrow(() -> new NotFound(operation, earlier.volume()));
    return earlier
        .snapshot()
        .orElseGet(() -> earlier.shown(volume, found -> restore(volume, found, part)));
  }

  private SnapshotName restore(
      VolumeName volume, EarlierVolume.OpenBackup found, Optional<BackupPart> part) {
    BackupRecord record = found.record();
    RestoreSource.Indexed source = found.source();
    Optional<Selection> selected =
        part.flatMap(one -> one.find(volume + " " + record.id(), source.archive()));
    BackupSnapshot snapshot = new BackupSnapshot(session.backups(), operation, volume);
    String what = operation + " " + volume + "@" + record.id().text();
    Size expected = selected.isPresent() ? Size.ZERO : record.counts().size();
    RestoreReport report =
        new RestoreReport(
            session.streams().err(), operation, volume, Progress.of(session, what, () -> expected));
    int threads = Runtime.getRuntime().availableProcessors();
    try {
      if (selected.isPresent()) {
        made.add(snapshot.make(record, source, selected.get(), threads, report));
        return made.getLast().name();
      }
      if (snapshot.make(record, source, threads, report)) {
        made.add(snapshot.temporary(record.id()));
      }
      return BackupSnapshot.name(record.id());
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
    made.forEach(TemporarySnapshot::remove);
  }
}
