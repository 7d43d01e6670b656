package dev.keg.cli.command;

import dev.keg.backup.repository.Repository;
import dev.keg.backup.retention.Age;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.option.backup.RepositoryOptions;
import dev.keg.cli.output.FindingRow;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
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

/** {@code keg check}: exits with 0 if nothing is wrong, with 1 if something is. */
@Command(
    name = "check",
    customSynopsis = "keg check [OPTIONS] [VOLUME...]",
    header = "Find what is wrong with volumes, mounts and backups")
public final class CheckCommand implements Callable<Integer> {
  @ParentCommand private Keg keg;
  @Mixin private RepositoryOptions repository = new RepositoryOptions();
  @Mixin private RowOptions rows = new RowOptions();

  @Option(
      names = "--repair",
      description = "Remove stale records, and unmount what nobody holds; never deletes data")
  private boolean repair;

  @Option(
      names = "--max-age",
      paramLabel = "age",
      description = "Also find volumes whose newest backup is damaged or older, for example 26h")
  private Optional<String> maxAge = Optional.empty();

  @Parameters(arity = "0..*", paramLabel = "VOLUME")
  private List<String> volumes = new ArrayList<>();

  @Override
  public Integer call() {
    WrongUse.throwIf(repository.isGiven() && maxAge.isEmpty(), "--repo needs --max-age");
    Session session = keg.session();
    Optional<BackupCheck> backups = maxAge.map(Age::parse).map(age -> backups(session, age));
    Health health = new Health(session.mounts(), session.volumeSets());
    List<Finding> findings = health.examine(volumes, backups);
    if (!repair) {
      print(session, FindingRow.of(findings));
      return findings.isEmpty() ? 0 : 1;
    }
    Health.Repaired repaired = health.repair(findings, volumes, backups);
    print(session, FindingRow.of(repaired));
    PartialFailure.throwIfAny(repaired.failures());
    return repaired.left().isEmpty() ? 0 : 1;
  }

  private void print(Session session, List<FindingRow> found) {
    FindingRow.ROWS.print(session.streams().out(), rows.format(), found);
  }

  private BackupCheck backups(Session session, Age age) {
    try (Repository opened = session.repositories().open(repository.location(session))) {
      return new BackupCheck(opened.address(), opened.list(), age);
    }
  }
}
