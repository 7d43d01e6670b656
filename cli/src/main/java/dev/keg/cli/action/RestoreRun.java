package dev.keg.cli.action;

import dev.keg.backup.restore.RestoreRequest;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.restore.Restoring;
import dev.keg.cli.option.backup.RestoreOptions;
import dev.keg.cli.option.backup.SourceOptions;
import dev.keg.cli.output.report.RestorePlan;
import dev.keg.cli.output.report.RestoreReport;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Confirmation;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.volume.VolumeName;

/** The restores of one {@code keg restore}: each is planned, confirmed and reported. */
public final class RestoreRun {
  /** The other options. */
  public record Answers(boolean dryRun, boolean yes, boolean json) {}

  private final Session session;
  private final SourceOptions from;
  private final RestoreOptions how;
  private final Answers answers;
  private final Restoring restoring;
  private boolean differs;

  public RestoreRun(Session session, SourceOptions from, RestoreOptions how, Answers answers) {
    this.session = session;
    this.from = from;
    this.how = how;
    this.answers = answers;
    this.restoring = new Restoring(session.backups());
  }

  /** Restores a volume; messages use the operator's notation of the name. */
  public void restore(VolumeName volume, String name) {
    from.with(session, volume, source -> restore(name, source));
  }

  /** Fails with its own exit status if some file was not restored exactly. */
  public void requireWhole() {
    if (differs) {
      throw CommandFailure.withDifferences("restored");
    }
  }

  private void restore(String name, RestoreSource source) {
    WrongUse.throwIf(
        how.needsIndex() && !(source instanceof RestoreSource.Indexed),
        "--verify and --skip-damaged need a repository or an archive with an index");
    RestoreRequest request = how.request(session, name);
    RestorePlan plan = new RestorePlan(restoring.plan(source, request), source, request);
    if (answers.dryRun()) {
      session.streams().out().println(answers.json() ? plan.json() : plan.text());
      return;
    }
    if (plan.changesFiles() && !confirmed(name, request)) {
      throw new CommandFailure("restore %s: not confirmed; nothing was changed".formatted(name), 1);
    }
    RestoreReport report = RestoreReport.of(session, plan);
    if (plan.creates()) {
      restoring.create(source, request, report);
    } else {
      restoring.restore(source, request, report);
    }
    session
        .streams()
        .out()
        .println(answers.json() ? report.json(source.name()) : report.line(plan));
    differs |= !report.isWhole();
  }

  private boolean confirmed(String name, RestoreRequest request) {
    if (answers.yes()) {
      return true;
    }
    if (from.isStandardInput()) {
      throw new RestoreFailed(
          name, "standard input is the backup, so it cannot answer a prompt", "use --yes");
    }
    return Confirmation.of(session.streams(), "--yes")
        .ask(
            "WARNING! This will %s volume %s.%n"
                .formatted(
                    request.mode().replaces() ? "replace the content of" : "change files in",
                    request.volume()));
  }
}
