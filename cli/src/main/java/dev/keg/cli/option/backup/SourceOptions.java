package dev.keg.cli.option.backup;

import dev.keg.backup.replica.BackupChoice;
import dev.keg.backup.replica.BackupChoice.Whose;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.ArchiveFile;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.error.BackupException.NoSuchBackup;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The source of a restore: a backup in a repository, a file, or standard input. */
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

  /** Why it cannot provide several volumes, if it cannot. */
  public Optional<String> conflict(Session session, boolean manyVolumes) {
    return manyVolumes && (isStandardInput() || from.filter(f -> isArchive(session, f)).isPresent())
        ? Optional.of("an archive has only one volume")
        : Optional.empty();
  }

  /** The volumes of this host, or of the only host, in the repository. */
  public List<String> volumes(Session session) {
    try (Repository repository = session.repositories().open(place(session))) {
      BackupCatalog catalog = repository.list();
      catalog
          .problems(repository.address())
          .forEach(problem -> session.warn(String.valueOf(problem.getMessage())));
      return BackupChoice.volumes(catalog, host.whose(session));
    }
  }

  /** Opens it while the work runs. */
  public void with(Session session, VolumeName volume, Consumer<RestoreSource> work) {
    open(session, volume, Optional.empty(), work);
  }

  /** Opens what {@code VOLUME[@BACKUP]} names while the work runs; the volume may be gone. */
  public void with(Session session, String operation, String text, Consumer<RestoreSource> work) {
    Optional<EarlierVolume> earlier = EarlierVolume.of(session, operation, text);
    WrongUse.throwIf(
        earlier.isPresent() && at.given(), "conflicting options: VOLUME@BACKUP, and --at");
    String volume = earlier.map(EarlierVolume::volume).orElse(text);
    open(
        session,
        EarlierVolume.name(session, operation, volume),
        earlier.map(named -> choice(session, named)),
        work);
  }

  private BackupChoice choice(Session session, EarlierVolume named) {
    return from.isEmpty()
        ? named.choice()
        : BackupChoice.parse(named.at(), session.clock())
            .orElseThrow(() -> new NoSuchBackup(from.get(), named.volume() + "@" + named.at()));
  }

  private void open(
      Session session,
      VolumeName volume,
      Optional<BackupChoice> named,
      Consumer<RestoreSource> work) {
    String place = place(session);
    boolean archive = isArchive(session, place);
    if (isStandardInput() || archive) {
      WrongUse.throwIf(at.given(), "--at requires a repository");
      WrongUse.throwIf(named.isPresent(), "VOLUME@BACKUP requires a repository");
      WrongUse.throwIf(host.given(), "--host requires a repository");
    }
    if (isStandardInput()) {
      work.accept(new RestoreSource.Stream("standard input", session.streams().in()));
    } else if (archive) {
      new ArchiveFile(session.files().getPath(place), session.repositoryAccess().keys())
          .openOwn(work);
    } else {
      BackupChoice choice = named.orElseGet(() -> at.choice(session));
      fromRepository(session, place, volume, choice, host.whose(session), work);
    }
  }

  private String place(Session session) {
    return from.or(() -> RepositoryOptions.meant(session))
        .orElseThrow(() -> RepositoryOptions.none("--from"));
  }

  private static boolean isArchive(Session session, String place) {
    return !place.contains("://") && Files.isRegularFile(session.files().getPath(place));
  }

  /** Opens a backup while the work runs. */
  public static void fromRepository(
      Session session,
      String place,
      VolumeName volume,
      BackupChoice choice,
      Whose whose,
      Consumer<RestoreSource> work) {
    try (Repository repository = session.repositories().open(place);
        RestoreSource source =
            RestoreSource.of(
                repository,
                choice.from(repository, volume, whose, session::warn).record(),
                session.knownRepositories().trusts(place, repository))) {
      work.accept(source);
    }
  }
}
