package dev.keg.cli.check;

import dev.keg.backup.repository.Repository;
import dev.keg.backup.retention.Age;
import dev.keg.cli.option.backup.RepositoryOptions;
import dev.keg.cli.session.Session;
import dev.keg.health.BackupCheck;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether and where {@code keg check} looks for volumes without a recent backup. */
public final class AgeOptions {
  @Mixin private RepositoryOptions repository = new RepositoryOptions();

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

  private boolean given() {
    return maxAge.isPresent() || maxUnverified.isPresent();
  }

  public Optional<String> conflict() {
    return repository.isGiven() && !given()
        ? Optional.of("--repo requires --max-age or --max-unverified")
        : Optional.empty();
  }

  public Optional<BackupCheck> check(Session session) {
    if (!given()) {
      return Optional.empty();
    }
    Optional<Age> age = maxAge.map(Age::parse);
    Optional<Age> unverified = maxUnverified.map(Age::parse);
    try (Repository opened = session.repositories().open(repository.location(session))) {
      return Optional.of(new BackupCheck(opened.address(), opened.list(), age, unverified));
    }
  }
}
