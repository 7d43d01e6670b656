package dev.keg.cli.command;

import dev.keg.cli.action.MaintainRun;
import dev.keg.cli.option.Converters;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.TaskRow;
import dev.keg.cli.output.report.MaintenanceUnits;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.policy.Maintenance;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code keg maintain}: does what is due, once; a timer runs it again. */
@Command(name = "maintain", customSynopsis = "keg maintain [OPTIONS]")
public final class MaintainCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private RowOptions rows = new RowOptions(_ -> TaskRow.ROWS);

  @Option(names = "--dry-run", description = "Show what is due and why without doing it")
  private boolean dryRun;

  @Option(
      names = "--notify",
      paramLabel = "command",
      description = "Run this at the end, with the summary as JSON on its standard input")
  private Optional<String> command = Optional.empty();

  @Option(
      names = "--print-units",
      paramLabel = "kind",
      converter = Converters.Units.class,
      description = "Print units for systemd, or a line for cron, that run this every hour")
  private Optional<MaintenanceUnits> units = Optional.empty();

  @Override
  public void run() {
    Session session = keg.session();
    WrongUse.throwIf(
        (rows.hasFormat() || rows.quiet()) && !dryRun, "--format and --quiet require --dry-run");
    WrongUse.throwIf(dryRun && command.isPresent(), "--dry-run does not take --notify");
    if (units.isPresent()) {
      session.streams().out().print(units.get().text());
      return;
    }
    session.warnOfMissingRoot();
    MaintainRun run = new MaintainRun(session, rows.json(), command);
    if (!dryRun) {
      Interruption.run(run::run);
      return;
    }
    Maintenance maintenance = run.maintenance();
    TaskRow.ROWS.print(
        session.streams().out(),
        rows.format(),
        maintenance.due().stream().map(TaskRow::new).toList());
    PartialFailure.throwIfAny(maintenance.problems());
  }
}
