package dev.keg.cli.action;

import dev.keg.backup.replica.BackupSelection;
import dev.keg.backup.replica.BackupSelection.Selected;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.Check;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.ArchiveFile;
import dev.keg.backup.restore.Verifying;
import dev.keg.backup.restore.Verifying.Mended;
import dev.keg.cli.option.backup.VerifyOptions;
import dev.keg.cli.output.report.CheckReport;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Session;
import dev.keg.error.BackupException.NoSuchBackup;
import dev.keg.volume.Size;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The checks of one {@code keg verify}, which may repair damage. */
public record VerifyRun(Session session, VerifyOptions how, boolean json) {
  public void checkFile(Path file) {
    Check check =
        CheckReport.watched(
            session,
            file,
            () -> Size.ZERO,
            progress ->
                how.verifying(session)
                    .check(new ArchiveFile(file, session.repositoryAccess().keys()), progress));
    report().print(file.toString(), Map.of("File", file.toString()), check);
  }

  /** Checks the selected and wanted backups of a repository. */
  public void checkBackups(String location, BackupSelection selection, Predicate<Backup> isWanted) {
    try (Repository repository = session.repositories().direct().open(location);
        @Nullable Repository replica = how.replica(session, location, repository).orElse(null)) {
      Selected selected = selection.in(repository);
      selected.warnings().forEach(session::warn);
      List<Backup> wanted = selected.backups().stream().filter(isWanted).toList();
      List<RuntimeException> problems = new ArrayList<>(selected.problems());
      if (wanted.isEmpty() && problems.isEmpty()) {
        problems.add(new NoSuchBackup(repository.address(), "none matches"));
      }
      problems.addAll(PartialFailure.collect(wanted, backup -> check(repository, replica, backup)));
      PartialFailure.throwIfAny(problems);
    }
  }

  private void check(Repository repository, @Nullable Repository replica, Backup backup) {
    Verifying verifying = how.verifying(session);
    String volume = backup.record().volume().name().text();
    String id = backup.id().text();
    Mended mended =
        CheckReport.watched(
            session,
            volume,
            () -> backup.record().counts().size(),
            progress ->
                replica == null
                    ? new Mended(verifying.check(repository, backup, progress), 0)
                    : verifying.mend(repository, replica, backup, progress));
    report().print(volume + " " + id, Map.of("Volume", volume, "ID", id), mended);
  }

  private CheckReport report() {
    return new CheckReport(session.streams().out(), json);
  }
}
