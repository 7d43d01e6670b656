package dev.keg.cli.command;

import dev.keg.backup.repository.Repository;
import dev.keg.backup.retention.Age;
import dev.keg.cli.check.DeepOptions;
import dev.keg.cli.check.Examinations;
import dev.keg.cli.check.FindingReport;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.option.backup.RepositoryOptions;
import dev.keg.cli.output.FindingRow;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.RegistryException.NoRegistry;
import dev.keg.error.VolumeException;
import dev.keg.health.BackupCheck;
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
  @Mixin private RepositoryOptions repository = new RepositoryOptions();
  @Mixin private RowOptions rows = new RowOptions();
  @Mixin private DeepOptions deep = new DeepOptions();

  @Option(
      names = "--repair",
      description = "Remove stale records, and unmount what nobody holds; never deletes data")
  private boolean repair;

  @Option(
      names = "--max-age",
      paramLabel = "age",
      description = "Also find volumes whose newest backup is damaged or older, for example 26h")
  private Optional<String> maxAge = Optional.empty();

  @Option(
      names = "--max-unverified",
      paramLabel = "age",
      description = "Also find volumes whose newest verified backup is older, for example 8d")
  private Optional<String> maxUnverified = Optional.empty();

  @Parameters(arity = "0..*", paramLabel = "VOLUME")
  private List<String> volumes = new ArrayList<>();

  @Override
  public Integer call() {
    boolean backups = maxAge.isPresent() || maxUnverified.isPresent();
    WrongUse.throwIf(
        repository.isGiven() && !backups, "--repo needs --max-age or --max-unverified");
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
    Health.Extent extent =
        new Health.Extent(
            maxAge.or(() -> maxUnverified).map(_ -> backups(session)), deep.check(examinations));
    List<Finding> findings =
        extent.storage().isPresent()
            ? examinations.during(() -> health.examine(volumes, extent))
            : health.examine(volumes, extent);
    if (!repair) {
      return report.print(FindingRow.of(findings), examinations.failures());
    }
    Health.Repaired repaired = health.repair(findings, volumes, extent);
    int status = report.print(FindingRow.of(repaired), List.of());
    PartialFailure.throwIfAny(repaired.failures());
    return status;
  }

  private BackupCheck backups(Session session) {
    Optional<Age> age = maxAge.map(Age::parse);
    Optional<Age> unverified = maxUnverified.map(Age::parse);
    try (Repository opened = session.repositories().open(repository.location(session))) {
      return new BackupCheck(opened.address(), opened.list(), age, unverified);
    }
  }
}
