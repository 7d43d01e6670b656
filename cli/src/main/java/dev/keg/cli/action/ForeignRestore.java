package dev.keg.cli.action;

import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.restore.Restoring;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.output.report.Progress;
import dev.keg.cli.output.report.RestoreReport;
import dev.keg.cli.session.Session;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.volume.Size;

/** Brings an archive or an image from elsewhere into a volume. */
public record ForeignRestore(
    Session session, String command, RestoreRequest request, ResultOptions results) {
  /** Refuses a volume that has content, before anything is read of the source. */
  public void requireEmpty(RestoreSource source, String hint) {
    if (!restoring().plan(source, request).empty()) {
      throw new RestoreFailed(command, request.volume().text(), "the volume is not empty", hint);
    }
  }

  private Restoring restoring() {
    return new Restoring(session.backups(), command);
  }

  /**
   * Fails in the end if some file is not as in the source; the result was told before.
   *
   * @param done what it came to, in words; nothing is printed where it is empty
   */
  public void from(RestoreSource source, String done) {
    RestoreReport report =
        new RestoreReport(
            session.streams().err(),
            request.volume(),
            Progress.of(session, command + " " + request.volume(), () -> Size.ZERO)
                .estimating(source::share));
    restoring().restore(source, request, report);
    if (results.json()) {
      session.streams().out().println(report.json(source.name()));
    } else {
      var _ = report.summary();
      if (!done.isEmpty()) {
        session.streams().out().println(done);
      }
    }
    report.requireWhole();
  }
}
