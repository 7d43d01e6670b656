package dev.keg.cli.command;

import dev.keg.backup.repository.Check.Level;
import dev.keg.backup.restore.Verifying;
import dev.keg.backup.save.ShellLine;
import dev.keg.cli.option.Converters;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.TaskRow;
import dev.keg.cli.output.report.MaintenanceReport;
import dev.keg.cli.output.report.MaintenanceUnits;
import dev.keg.cli.output.report.SaveReport;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.policy.Maintenance;
import dev.keg.policy.Maintenance.Result;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code keg maintain}: once, what is due; a timer calls it again. */
@Command(
    name = "maintain",
    customSynopsis = "keg maintain [OPTIONS]",
    header = "Do what is due by policy: backups, retention, verification, drills")
public final class MaintainCommand implements Runnable {
  private static final int INCOMPLETE = 3;

  @ParentCommand private Keg keg;
  @Mixin private RowOptions rows = new RowOptions();

  @Option(names = "--dry-run", description = "Show what is due and why without doing it")
  private boolean dryRun;

  @Option(names = "--json", description = "Print the summary as an object, and nothing else")
  private boolean json;

  @Option(
      names = "--notify",
      paramLabel = "command",
      description = "Run this at the end, with the summary as JSON on its standard input")
  private Optional<String> command = Optional.empty();

  @Option(
      names = "--print-units",
      paramLabel = "kind",
      converter = Converters.Units.class,
      description = "Print what calls this every hour: units for systemd, or a line for cron")
  private Optional<MaintenanceUnits> units = Optional.empty();

  @Override
  public void run() {
    Session session = keg.session();
    WrongUse.throwIf(rows.given() && !dryRun, "--format and --quiet require --dry-run");
    WrongUse.throwIf(
        dryRun && (json || command.isPresent()), "--dry-run takes neither --json nor --notify");
    if (units.isPresent()) {
      session.streams().out().print(units.get().text());
      return;
    }
    session.warnOfMissingRoot();
    Maintenance maintenance = new Maintenance(setup(session));
    if (dryRun) {
      TaskRow.ROWS.print(
          session.streams().out(),
          rows.format(),
          maintenance.due().stream().map(TaskRow::new).toList());
      PartialFailure.throwIfAny(maintenance.problems());
      return;
    }
    session.interruptibly(() -> run(session, maintenance));
  }

  private void run(Session session, Maintenance maintenance) {
    Instant started = session.clock().instant();
    SaveReport save = new SaveReport(session, "backup", session.streams().out());
    MaintenanceReport report =
        new MaintenanceReport(session.streams().out(), json, save.of(SaveReport.Style.LINE));
    Optional<Result> done = maintenance.run(save, report);
    if (done.isEmpty()) {
      session.warn("another keg maintain is running, so nothing is done");
      return;
    }
    Result result = done.get();
    String summary =
        report.json(session.origin().host(), started, session.clock().instant(), result);
    session.streams().out().println(json ? summary : report.line(result));
    Optional<String> unheard = command.flatMap(line -> notify(session, line, summary));
    unheard.ifPresent(why -> session.warn("the --notify command failed: " + why));
    PartialFailure.throwIfAny(result.problems());
    if (unheard.isPresent()) {
      throw new CommandFailure("Error: maintain: nobody was notified", 1);
    }
    if (result.incomplete() > 0) {
      throw new CommandFailure("Warning: backed up with differences, listed above", INCOMPLETE);
    }
  }

  private static Optional<String> notify(Session session, String line, String summary) {
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
        session.repositories(),
        session.knownRepositories(),
        verifying,
        session.origin(),
        session.programs(),
        session.streams().err(),
        session.debugging());
  }
}
