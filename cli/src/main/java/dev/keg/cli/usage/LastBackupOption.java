package dev.keg.cli.usage;

import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.Repository;
import dev.keg.cli.option.backup.RepositoryOptions;
import dev.keg.cli.session.Session;
import dev.keg.error.VolumeException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The repository with the last backup of each volume, if any. */
public final class LastBackupOption {
  @Option(
      names = "--repo",
      paramLabel = "REPO",
      description = "Also show the last backup in this repository (default $KEG_REPOSITORY)")
  private Optional<String> repository = Optional.empty();

  public boolean given() {
    return repository.isPresent();
  }

  /**
   * The backups, if there is a repository. An unreadable one must not hide the command's own
   * output: it is a reported problem, or only a warning if it was not named on the command line.
   */
  public Optional<BackupCatalog> backups(Session session, List<VolumeException> problems) {
    if (repository.isPresent()) {
      return read(session, repository.get(), problems::add);
    }
    return RepositoryOptions.usual(session)
        .flatMap(
            location ->
                read(
                    session,
                    location,
                    why -> session.warn("the last backups are unknown: " + why.getMessage())));
  }

  private static Optional<BackupCatalog> read(
      Session session, String location, Consumer<VolumeException> problem) {
    try (Repository opened = session.repositories().open(location)) {
      return Optional.of(opened.list());
    } catch (VolumeException e) {
      problem.accept(e);
      return Optional.empty();
    }
  }
}
