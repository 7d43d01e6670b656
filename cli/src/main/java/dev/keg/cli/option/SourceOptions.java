package dev.keg.cli.option;

import dev.keg.backup.replica.BackupChoice;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.ArchiveFile;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Session;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a restore reads: a backup of a repository, a file, or standard input. */
public final class SourceOptions {
  @Option(
      names = "--from",
      paramLabel = "REPO|FILE",
      description = "A repository, an archive, or - for standard input (default $KEG_REPOSITORY)")
  private Optional<String> from = Optional.empty();

  @Mixin private AtOption at = new AtOption();

  @Mixin private HostOption host = new HostOption();

  public boolean given() {
    return from.isPresent() || at.given() || host.given();
  }

  public boolean isStandardInput() {
    return from.filter("-"::equals).isPresent();
  }

  /** Opens it for as long as the work lasts. */
  public void with(Session session, VolumeName volume, Consumer<RestoreSource> work) {
    String place =
        from.or(() -> RepositoryOptions.meant(session))
            .orElseThrow(() -> RepositoryOptions.none("--from"));
    Path file = session.files().getPath(place);
    boolean archive = !place.contains("://") && Files.isRegularFile(file);
    if (at.given() && (isStandardInput() || archive)) {
      throw new CommandFailure("--at requires a repository", 125);
    }
    if (isStandardInput()) {
      work.accept(new RestoreSource.Stream("standard input", session.streams().in()));
    } else if (archive) {
      new ArchiveFile(file).openOwn(work);
    } else {
      fromRepository(session, place, volume, work);
    }
  }

  private void fromRepository(
      Session session, String place, VolumeName volume, Consumer<RestoreSource> work) {
    BackupChoice choice = at.choice(session);
    try (Repository repository = session.repositories().open(place);
        RestoreSource source =
            RestoreSource.of(
                repository,
                choice
                    .from(repository, volume, host.origin(session).host(), session::warn)
                    .record(),
                session.knownRepositories().trusts(place, repository))) {
      work.accept(source);
    }
  }
}
