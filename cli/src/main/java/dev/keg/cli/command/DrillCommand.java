package dev.keg.cli.command;

import dev.keg.backup.drill.Drilling;
import dev.keg.backup.replica.BackupChoice;
import dev.keg.backup.replica.BackupSelection;
import dev.keg.backup.replica.BackupSelection.Selected;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.Repository;
import dev.keg.cli.option.QuietOption;
import dev.keg.cli.option.ResultOptions;
import dev.keg.cli.option.backup.DrillOptions;
import dev.keg.cli.option.backup.HostFilter;
import dev.keg.cli.output.report.DrillReport;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Interruption;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.BackupException.NoSuchBackup;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg drill}. */
@Command(name = "drill", customSynopsis = "keg drill [OPTIONS] VOLUME [VOLUME...]")
public final class DrillCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private DrillOptions how = new DrillOptions();
  @Mixin private HostFilter host = new HostFilter();
  @Mixin private ResultOptions results = new ResultOptions();
  @Mixin private QuietOption quiet = new QuietOption();

  @Option(
      names = {"-a", "--all"},
      description = "Drill all volumes in the repository")
  private boolean all;

  @Parameters(arity = "0..*", paramLabel = "VOLUME")
  private List<String> volumes = new ArrayList<>();

  @Override
  public void run() {
    Session session = keg.session(quiet.given());
    WrongUse.throwIfAny(how.conflict());
    WrongUse.throwIf(all && !volumes.isEmpty(), "conflicting options: volumes, and --all");
    WrongUse.throwIf(!all && volumes.isEmpty(), "requires a volume or --all");
    Interruption.run(() -> drill(session));
  }

  private void drill(Session session) {
    String location = how.location(session);
    try (Repository repository = session.repositories().direct().open(location)) {
      Selected selected =
          new BackupSelection(new LinkedHashSet<>(volumes), Optional.of(new BackupChoice.Latest()))
              .in(repository);
      selected.warnings().forEach(session::warn);
      Drilling drilling =
          new Drilling(
              session.backups(),
              repository,
              session.knownRepositories().trusts(location, repository),
              how.program(session),
              how.keep(),
              Runtime.getRuntime().availableProcessors());
      drilling.sweep();
      List<Backup> wanted = selected.backups().stream().filter(host::covers).toList();
      if (wanted.isEmpty() && selected.problems().isEmpty()) {
        throw new NoSuchBackup(repository.address(), "none matches");
      }
      List<RuntimeException> problems = new ArrayList<>(selected.problems());
      AtomicBoolean whole = new AtomicBoolean(true);
      DrillReport report = new DrillReport(session, results.json());
      problems.addAll(
          PartialFailure.collect(
              wanted, backup -> whole.compareAndSet(true, report.of(drilling, backup))));
      PartialFailure.throwIfAny(problems);
      if (!whole.get()) {
        throw CommandFailure.withDifferences("restored");
      }
    }
  }
}
