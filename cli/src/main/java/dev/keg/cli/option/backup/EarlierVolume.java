package dev.keg.cli.option.backup;

import dev.keg.backup.drill.BackupSnapshot;
import dev.keg.backup.replica.BackupChoice;
import dev.keg.backup.replica.BackupChoice.Whose;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.cli.session.Session;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.error.SnapshotException.NoSuchSnapshot;
import dev.keg.volume.SnapshotName;
import dev.keg.volume.VolumeName;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * {@code VOLUME@X}, an earlier state of a volume: X is the name of a snapshot, or else the ID or
 * time of a backup in the default repository.
 */
public record EarlierVolume(Session session, String operation, String volume, String at) {
  /** Empty if the text contains no at sign. */
  public static Optional<EarlierVolume> of(Session session, String operation, String text) {
    int at = text.indexOf('@');
    return at < 0
        ? Optional.empty()
        : Optional.of(
            new EarlierVolume(session, operation, text.substring(0, at), text.substring(at + 1)));
  }

  /** The volume, if there is one. */
  public Optional<VolumeName> existing() {
    return session.volumes().existing(volume);
  }

  /** The snapshot with that name, if there is one. */
  public Optional<SnapshotName> snapshot() {
    return existing()
        .flatMap(
            name ->
                SnapshotName.lookup(at)
                    .filter(
                        wanted -> session.registry().snapshots().find(name, wanted).isPresent()));
  }

  /** The snapshot for {@code unmount}, even if the backup that it was created from is gone. */
  public Optional<SnapshotName> shown() {
    Optional<SnapshotName> named =
        snapshot().or(() -> BackupId.lookup(at).map(BackupSnapshot::name));
    return named.or(
        () ->
            existing()
                .filter(name -> BackupChoice.parse(at, session.clock()).isPresent())
                .map(name -> shown(name, found -> BackupSnapshot.name(found.record().id()))));
  }

  /** Opens the backup that it names, possibly of a removed volume. */
  public void backup(Consumer<RestoreSource> work) {
    VolumeName name = name(session, operation, volume);
    SourceOptions.fromRepository(session, place(), name, choice(), whose(), work);
  }

  /** The name of a volume that may be gone. */
  static VolumeName name(Session session, String operation, String volume) {
    return session
        .volumes()
        .existing(volume)
        .or(() -> VolumeName.lookup(volume))
        .orElseThrow(() -> new NotFound(operation, volume));
  }

  /** An open backup. */
  public record OpenBackup(BackupRecord record, RestoreSource.Indexed source) {}

  /**
   * The snapshot that shows the backup.
   *
   * @param missing creates one if there is none
   */
  public SnapshotName shown(VolumeName name, Function<OpenBackup, SnapshotName> missing) {
    BackupChoice choice = choice();
    String place = place();
    try (Repository repository = session.repositories().open(place)) {
      BackupRecord record = choice.from(repository, name, whose(), session::warn).record();
      SnapshotName shown = BackupSnapshot.name(record.id());
      if (session.registry().snapshots().find(name, shown).isPresent()) {
        return shown;
      }
      try (RestoreSource.Indexed source =
          RestoreSource.of(
              repository, record, session.knownRepositories().trusts(place, repository))) {
        return missing.apply(new OpenBackup(record, source));
      }
    }
  }

  BackupChoice choice() {
    return BackupChoice.parse(at, session.clock()).orElseThrow(this::nothing);
  }

  private String place() {
    return RepositoryOptions.meant(session).orElseThrow(this::nothing);
  }

  private Whose whose() {
    return new Whose(session.origin().host(), false);
  }

  private NoSuchSnapshot nothing() {
    return new NoSuchSnapshot(operation, volume, at);
  }
}
