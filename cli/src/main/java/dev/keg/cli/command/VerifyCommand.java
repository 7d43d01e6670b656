package dev.keg.cli.command;

import dev.keg.backup.replica.BackupChoice;
import dev.keg.backup.replica.BackupSelection;
import dev.keg.backup.replica.BackupSelection.Selected;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.Check;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.Verifying;
import dev.keg.cli.option.backup.AtOption;
import dev.keg.cli.option.backup.HostFilter;
import dev.keg.cli.option.backup.RepositoryOptions;
import dev.keg.cli.option.backup.VerifyOptions;
import dev.keg.cli.output.report.CheckReport;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.BackupException.NoSuchBackup;
import dev.keg.volume.Size;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keg verify}. */
@Command(
    name = "verify",
    customSynopsis = "keg verify [OPTIONS] [VOLUME...]",
    header = "Verify backups: the newest of each volume, or those that are named")
public final class VerifyCommand implements Runnable {
  @ParentCommand private Keg keg;
  @Mixin private RepositoryOptions where = new RepositoryOptions();
  @Mixin private AtOption at = new AtOption();
  @Mixin private HostFilter host = new HostFilter();
  @Mixin private VerifyOptions how = new VerifyOptions();

  @Option(
      names = {"-a", "--all"},
      description = "Verify every backup, not only the newest of each volume")
  private boolean all;

  @Option(names = "--json", description = "Print an object for each backup")
  private boolean json;

  @Parameters(arity = "0..*", paramLabel = "VOLUME")
  private List<String> volumes = new ArrayList<>();

  @Override
  public void run() {
    Session session = keg.session();
    WrongUse.throwIfAny(how.conflict());
    WrongUse.throwIf(all && at.given(), "conflicting options: --all and --at");
    Verifying verifying = how.verifying(session);
    String location = where.location(session);
    Path file = session.files().getPath(location);
    boolean archive = !location.contains("://") && Files.isRegularFile(file);
    session.interruptibly(
        () -> {
          if (archive) {
            checkFile(session, verifying, file);
          } else {
            checkBackups(session, verifying, location);
          }
        });
  }

  private void checkFile(Session session, Verifying verifying, Path file) {
    WrongUse.throwIf(
        all || at.given() || host.given() || !volumes.isEmpty(),
        "an archive takes no selection options");
    Check check =
        CheckReport.watched(session, file, () -> Size.ZERO, heard -> verifying.check(file, heard));
    report(session).print(file.toString(), Map.of("File", file.toString()), check);
  }

  private void checkBackups(Session session, Verifying verifying, String location) {
    try (Repository repository = session.repositories().open(location)) {
      BackupChoice choice = at.choice(session);
      Selected selected =
          new BackupSelection(
                  new LinkedHashSet<>(volumes), all ? Optional.empty() : Optional.of(choice))
              .in(repository);
      selected.warnings().forEach(session::warn);
      List<Backup> wanted = selected.backups().stream().filter(host::covers).toList();
      List<RuntimeException> problems = new ArrayList<>(selected.problems());
      if (wanted.isEmpty() && problems.isEmpty()) {
        problems.add(new NoSuchBackup(repository.address(), "none matches"));
      }
      problems.addAll(
          PartialFailure.collect(wanted, backup -> check(session, verifying, repository, backup)));
      PartialFailure.throwIfAny(problems);
    }
  }

  private void check(Session session, Verifying verifying, Repository repository, Backup backup) {
    String volume = backup.record().volume().name().text();
    String id = backup.id().text();
    Check check =
        CheckReport.watched(
            session,
            volume,
            () -> backup.record().counts().size(),
            heard -> verifying.check(repository, backup, heard));
    report(session).print(volume + " " + id, Map.of("Volume", volume, "ID", id), check);
  }

  private CheckReport report(Session session) {
    return new CheckReport(session.streams().out(), json);
  }
}
