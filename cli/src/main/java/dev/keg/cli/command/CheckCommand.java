package dev.keg.cli.command;

import dev.keg.cli.check.AgeOptions;
import dev.keg.cli.check.DeepOptions;
import dev.keg.cli.check.Examinations;
import dev.keg.cli.check.FindingReport;
import dev.keg.cli.check.FindingRow;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.RegistryException.NoRegistry;
import dev.keg.error.VolumeException;
import dev.keg.health.Finding;
import dev.keg.health.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg check}. */
@Command(name = "check", customSynopsis = "keg check [OPTIONS] [VOLUME...]")
public final class CheckCommand implements Callable<Integer> {
  @ParentCommand private Keg keg;
  @Mixin private AgeOptions ages = new AgeOptions();
  @Mixin private RowOptions rows = new RowOptions(_ -> FindingRow.ROWS, FindingReport.NAGIOS);
  @Mixin private DeepOptions deep = new DeepOptions();

  @Option(
      names = "--repair",
      description = "Remove stale records, and unmount what nobody holds; never deletes data")
  private boolean repair;

  @Parameters(arity = "0..*", paramLabel = "VOLUME")
  private List<String> volumes = new ArrayList<>();

  @Override
  public Integer call() {
    WrongUse.throwIfAny(ages.conflict());
    WrongUse.throwIfAny(deep.conflict(repair));
    Session session = keg.session();
    FindingReport report = new FindingReport(session, rows, repair);
    Optional<NoRegistry> missing = session.root().missing();
    if (missing.isPresent()) {
      return report.fail(missing.get());
    }
    try {
      return check(session, report);
    } catch (VolumeException e) {
      return report.fail(e);
    }
  }

  private int check(Session session, FindingReport report) {
    Examinations examinations = new Examinations(session);
    Health health = session.health();
    Health.ExtraChecks extra =
        new Health.ExtraChecks(ages.check(session), deep.check(examinations));
    List<Finding> findings =
        extra.storage().isPresent()
            ? examinations.during(() -> health.examine(volumes, extra))
            : health.examine(volumes, extra);
    if (!repair) {
      return report.print(FindingRow.of(findings), examinations.failures());
    }
    Health.Repaired repaired = health.repair(findings, volumes, extra);
    int status = report.print(FindingRow.of(repaired), List.of());
    PartialFailure.throwIfAny(repaired.failures());
    return status;
  }
}
