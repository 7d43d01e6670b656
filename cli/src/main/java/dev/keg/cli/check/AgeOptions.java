package dev.keg.cli.check;

import dev.keg.backup.repository.Repository;
import dev.keg.backup.retention.Age;
import dev.keg.cli.option.backup.RepositoryOptions;
import dev.keg.cli.session.Session;
import dev.keg.health.BackupCheck;
import dev.keg.health.BackupCheck.Limits;
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

  @Option(
      names = "--max-undrilled",
      paramLabel = "age",
      description = "Also find volumes whose newest drilled backup is older, for example 35d")
  private Optional<String> maxUndrilled = Optional.empty();

  private boolean given() {
    return maxAge.isPresent() || maxUnverified.isPresent() || maxUndrilled.isPresent();
  }

  public Optional<String> conflict() {
    return repository.isGiven() && !given()
        ? Optional.of("--repo requires --max-age, --max-unverified or --max-undrilled")
        : Optional.empty();
  }

  public Optional<BackupCheck> check(Session session) {
    if (!given()) {
      return Optional.empty();
    }
    Limits limits =
        new Limits(
            maxAge.map(Age::parse), maxUnverified.map(Age::parse), maxUndrilled.map(Age::parse));
    try (Repository opened = session.repositories().open(repository.location(session))) {
      return Optional.of(new BackupCheck(opened.address(), opened.list(), limits));
    }
  }
}
