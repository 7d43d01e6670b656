package dev.keg.cli.option.backup;

import dev.keg.backup.replica.BackupSelection;
import dev.keg.backup.replica.Repositories;
import dev.keg.backup.replica.Repositories.Creation;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.Repository;
import dev.keg.cli.option.Converters;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Moment;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Selects the backups to copy to another repository, and how to create that. */
public final class CopyOptions {
  /** The options of this mixin. */
  public static final List<String> NAMES =
      List.of("--since", "--filter", "--host", "--encrypt", "--no-encryption", "--other-key-file");

  @Option(
      names = "--since",
      paramLabel = "time",
      description =
          "With copy and sync, take only backups from this time or day on (e.g. 2026-11-28, 720h)")
  private Optional<String> since = Optional.empty();

  @Option(
      names = "--filter",
      paramLabel = "filter",
      converter = Converters.Filter.class,
      description =
          "With copy and sync, take only backups of volumes that match (e.g. \"label=<label>\")")
  private List<String> filters = new ArrayList<>();

  @Mixin private HostFilter host = new HostFilter();
  @Mixin private NewRepositoryOptions encryption = new NewRepositoryOptions();
  @Mixin private OtherKeyOption key = new OtherKeyOption();

  /**
   * Opens or creates the repository for the copies. Copies from an encrypted repository are stored
   * unencrypted in a new one only on explicit request.
   */
  public Repositories target(Session session, Repository from) {
    Repositories own =
        encryption.given() || !from.store().provesNames()
            ? encryption.repositories(session)
            : session.repositories().creating(Creation.ENCRYPTED_IF_NEW);
    return key.repositories(session, own.direct());
  }

  /**
   * Selects backups.
   *
   * @param volumes the volumes' names; all if there are none
   */
  public Predicate<Backup> wanted(Session session, List<String> volumes) {
    Instant first =
        since
            .map(
                text ->
                    Moment.parse(text, session.clock())
                        .orElseThrow(
                            () ->
                                new WrongUse(
                                    ("invalid argument \"%s\" for \"--since\" flag: write"
                                            + " 2026-11-28, 2026-11-28T06:30, or 720h for 30 days ago")
                                        .formatted(text))))
            .orElse(Instant.MIN);
    BackupSelection selection = new BackupSelection(new LinkedHashSet<>(volumes), Optional.empty());
    Predicate<Volume> filter = VolumeFilter.forBackups(FilterArguments.parse(filters));
    return backup ->
        selection.covers(backup)
            && filter.test(backup.record().volume())
            && host.covers(backup)
            && !backup.record().started().isBefore(first);
  }
}
