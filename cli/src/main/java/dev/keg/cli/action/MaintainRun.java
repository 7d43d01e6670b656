package dev.keg.cli.action;

import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.restore.Verifying;
import dev.keg.cli.output.report.MaintenanceReport;
import dev.keg.cli.output.report.SaveReport;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.error.VolumeException;
import dev.keg.policy.Maintenance;
import dev.keg.policy.Maintenance.Result;
import dev.keg.program.ShellLine;
import dev.keg.tree.TreeListener;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A run of {@code keg maintain}, and who is told about it.
 *
 * @param command receives the summary on its standard input
 */
public record MaintainRun(Session session, boolean json, Optional<String> command) {

  public Maintenance maintenance() {
    return new Maintenance(setup(session));
  }

  public void run() {
    Instant started = session.clock().instant();
    SaveReport save = new SaveReport(session, "backup", session.streams().out());
    MaintenanceReport report =
        new MaintenanceReport(session.streams().out(), json, save.of(SaveReport.Style.LINE));
    Optional<Result> done = result(save, report);
    if (done.isEmpty()) {
      session.warn("another `keg maintain` is running, so nothing is done");
      return;
    }
    Result result = done.get();
    String summary =
        report.json(session.origin().host(), started, session.clock().instant(), result);
    session.streams().out().println(json ? summary : report.line(result));
    Optional<String> unheard = command.flatMap(line -> notify(line, summary));
    unheard.ifPresent(why -> session.warn("the --notify command failed: " + why));
    PartialFailure.throwIfAny(result.problems());
    if (unheard.isPresent()) {
      throw new CommandFailure("Error: maintain: nobody was notified", 1);
    }
    if (result.incomplete() > 0) {
      throw CommandFailure.withDifferences("backed up");
    }
  }

  /**
   * The result; any failure of the run, such as an unreadable policy, is also reported to the
   * command.
   */
  private Optional<Result> result(SaveReport save, MaintenanceReport report) {
    try {
      return maintenance().run(save, report);
    } catch (VolumeException e) {
      return Optional.of(new Result(0, 0, List.of(e)));
    }
  }

  private Optional<String> notify(String line, String summary) {
    ShellLine shell = new ShellLine(session.programs(), session.streams().err());
    try {
      int status = shell.run(List.of(), line, summary + "\n");
      return status == 0 ? Optional.empty() : Optional.of("it ended with status " + status);
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  private static Maintenance.Setup setup(Session session) {
    Verifying verifying =
        new Verifying(
            Level.FULL,
            session.temporary(),
            session.trees(),
            Runtime.getRuntime().availableProcessors(),
            session.clock());
    return new Maintenance.Setup(
        session.policies(),
        session.backups(),
        session.relocating(TreeListener.NONE),
        session.repositories(),
        session.knownRepositories(),
        verifying,
        session.origin(),
        session.programs(),
        session.streams().err(),
        session.debugging());
  }
}
