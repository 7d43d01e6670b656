package dev.keg.cli.action;

import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.restore.Restoring;
import dev.keg.cli.option.backup.EarlierVolume;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.output.report.RestoreReport;
import dev.keg.cli.session.Session;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.volume.Labels;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;

/** Creates a volume from a backup, as the backup describes it, with other labels. */
public record BackupClone(Session session, EarlierVolume from, VolumeName to, Labels labels) {
  /** The report lists what was not restored exactly. */
  public RestoreReport run() {
    if (session.volumes().exists(to.text())) {
      throw new AlreadyExists("clone", from.volume() + "@" + from.at(), to.text());
    }
    Progress progress = Progress.of(session, "clone " + to, () -> Size.ZERO);
    RestoreReport report = new RestoreReport(session.streams().err(), "clone", to, progress);
    try {
      from.backup(source -> restore(source, report));
    } finally {
      var _ = report.summary();
    }
    return report;
  }

  private void restore(RestoreSource source, RestoreReport report) {
    int threads = Runtime.getRuntime().availableProcessors();
    new Restoring(session.backups())
        .create(source, RestoreRequest.foreign(to, Mode.EMPTY, false, threads), labels, report);
  }
}
