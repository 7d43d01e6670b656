package dev.keg.cli.command;

import dev.keg.backup.replica.BackupChoice;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.Session;
import dev.keg.file.FileFailures;
import dev.keg.volume.VolumeName;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** What a restore reads: a backup of a repository, a file, or standard input. */
final class SourceOptions {
  @Option(
      names = "--from",
      paramLabel = "REPO|FILE",
      description = "A repository, an archive, or - for standard input (default $KEG_REPOSITORY)")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--at",
      paramLabel = "backup",
      description = "A backup ID, a time (the last backup until then), or latest (default)")
  private Optional<String> at = Optional.empty();

  boolean given() {
    return from.isPresent() || at.isPresent();
  }

  boolean isStandardInput() {
    return from.filter("-"::equals).isPresent();
  }

  /** Opens it for as long as the work lasts. */
  void with(Session session, VolumeName volume, Consumer<RestoreSource> work) {
    String place =
        from.or(() -> RepositoryOptions.meant(session))
            .orElseThrow(() -> RepositoryOptions.none("--from"));
    Path file = session.files().getPath(place);
    boolean archive = !place.contains("://") && Files.isRegularFile(file);
    if (at.isPresent() && (isStandardInput() || archive)) {
      throw new CommandFailure("--at requires a repository", 125);
    }
    if (isStandardInput()) {
      work.accept(new RestoreSource.Stream("standard input", session.streams().in()));
    } else if (archive) {
      fromFile(file, work);
    } else {
      fromRepository(session, place, volume, work);
    }
  }

  private static void fromFile(Path file, Consumer<RestoreSource> work) {
    if (!file.toString().matches(".*\\.(tar|tar\\.gz|tgz)")) {
      try (RestoreSource source = RestoreSource.of(file)) {
        work.accept(source);
      }
      return;
    }
    FileFailures.run(
        "read",
        file,
        () -> {
          try (InputStream in = Files.newInputStream(file)) {
            work.accept(new RestoreSource.Stream(file.toString(), in));
          }
        });
  }

  private void fromRepository(
      Session session, String place, VolumeName volume, Consumer<RestoreSource> work) {
    BackupChoice choice = Choices.parse(session, at.orElse("latest"));
    try (Repository repository = session.repositories().open(place);
        RestoreSource source =
            RestoreSource.of(
                repository,
                choice.from(repository, volume, session.origin().host(), session::warn).record(),
                session.knownRepositories().trusts(place, repository))) {
      work.accept(source);
    }
  }
}
