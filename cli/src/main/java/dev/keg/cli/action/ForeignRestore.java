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

/** Restores a foreign archive or image to a volume. */
public record ForeignRestore(
    Session session, String command, RestoreRequest request, ResultOptions results) {
  /** Refuses a volume with content, before anything is read from the source. */
  public void requireEmpty(RestoreSource source, String hint) {
    if (!restoring().plan(source, request).empty()) {
      throw new RestoreFailed(command, request.volume().text(), "the volume is not empty", hint);
    }
  }

  private Restoring restoring() {
    return new Restoring(session.backups(), command);
  }

  /**
   * Restores; fails at the end, after reporting the result, if some file differs from the source.
   *
   * @param done the text of the result; empty to print nothing
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
