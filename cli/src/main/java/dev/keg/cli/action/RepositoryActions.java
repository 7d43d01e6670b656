package dev.keg.cli.action;

import dev.keg.backup.replica.KnownRepositories;
import dev.keg.backup.replica.KnownRepositories.Known;
import dev.keg.backup.repository.BackupCatalog.Damage;
import dev.keg.backup.repository.ObjectLock;
import dev.keg.backup.repository.Repository;
import dev.keg.cli.option.RowOptions;
import dev.keg.cli.output.RepositoryColumns;
import dev.keg.cli.output.Result;
import dev.keg.cli.output.report.Counted;
import dev.keg.cli.output.table.Rows;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.error.InvalidInput.InvalidRepository;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The actions of {@code keg repo} on a repository. */
public record RepositoryActions(Session session, RowOptions rows) {
  /** The repositories. */
  public static final Rows<Known> ROWS = RepositoryColumns.rows();

  public void list() {
    ROWS.print(session.streams().out(), rows.format(), known().all());
  }

  public void accept(String location) {
    session.repositories().accept(location).close();
    say(location, "Accepted");
  }

  public void trust(String location) {
    try (Repository opened = session.repositories().open(location)) {
      known().trust(location, opened);
    }
    say(location, "Trusted");
  }

  public void distrust(String location) {
    if (!known().distrust(location)) {
      throw new InvalidRepository("'" + location + "' is not trusted", null);
    }
    say(location, "Distrusted");
  }

  public void upgrade(String location) {
    try (Repository opened = session.repositories().open(location)) {
      opened.upgrade();
    }
    say(location, "Upgraded");
  }

  public void extendLock(String location) {
    ObjectLock.Report report;
    try (Repository opened = session.repositories().direct().open(location)) {
      report = new ObjectLock(opened).all(session.clock().instant());
    }
    Instant until = report.until().truncatedTo(ChronoUnit.SECONDS);
    Result result =
        Result.of(
                "%s: %s locked, the last until %s"
                    .formatted(location, Counted.of(report.objects(), "object"), until))
            .with("Repository", location)
            .with("Locked", report.objects())
            .with("Until", until.toString());
    rows.print(session, result);
    PartialFailure.throwIfAny(Damage.problems(location, report.damages()));
  }

  private KnownRepositories known() {
    return session.knownRepositories();
  }

  private void say(String location, String done) {
    Result result = Result.naming("Repository", location).with(done, true);
    rows.print(session, result);
  }
}
