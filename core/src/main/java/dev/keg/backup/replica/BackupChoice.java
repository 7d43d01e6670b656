package dev.keg.backup.replica;

import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.BackupCatalog.Damage;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.retention.WrittenTime;
import dev.keg.error.BackupException.NoSuchBackup;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.error.InvalidInput.InvalidRepository;
import dev.keg.volume.VolumeName;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Selects a backup of a volume: the newest, the newest at a time, or the one with an id. */
public sealed interface BackupChoice {
  /** The newest backup. */
  record Latest() implements BackupChoice {}

  /** The newest backup that began at that time or earlier. */
  record At(Instant time, String text) implements BackupChoice {}

  /** The backup with that id. */
  record Named(BackupId id) implements BackupChoice {}

  /** The only backup whose id, or its random part, begins like this. */
  record Abbreviated(String text) implements BackupChoice {
    private static final Pattern RULE =
        Pattern.compile("\\d{8}T\\d{1,6}|\\d{8}T\\d{6}Z(-[0-9a-f]{0,7})?|[0-9a-f]{4,8}");

    static Optional<BackupChoice> lookup(String text) {
      return RULE.matcher(text).matches() ? Optional.of(new Abbreviated(text)) : Optional.empty();
    }

    boolean isMeant(BackupId id) {
      String all = id.text();
      return all.startsWith(text) || all.substring(all.indexOf('-') + 1).startsWith(text);
    }
  }

  /**
   * Parses {@code latest}, an id or a prefix of one, or a time in a common notation. A day means
   * its end.
   */
  static Optional<BackupChoice> parse(String text, Clock clock) {
    if (text.equals("latest")) {
      return Optional.of(new Latest());
    }
    Optional<BackupChoice> named = BackupId.lookup(text).map(Named::new);
    return named
        .or(() -> WrittenTime.parse(text, clock).map(time -> new At(time, text)))
        .or(() -> Abbreviated.lookup(text));
  }

  /**
   * The host whose backup to select, if several hosts have a volume with the name.
   *
   * @param named whether the operator named the host; otherwise the only host in a repository will
   *     do
   */
  record Whose(String host, boolean named) {
    /** The host to use: another one if it is the only one. */
    private String among(SortedSet<String> hosts) {
      return !named && hosts.size() == 1 ? hosts.first() : host;
    }

    private boolean isUnclear(SortedSet<String> hosts) {
      return !named && !hosts.contains(host) && hosts.size() > 1;
    }
  }

  /** Finds the backup. */
  default Backup from(
      Repository repository, VolumeName volume, Whose whose, Consumer<String> warnings) {
    BackupCatalog catalog =
        this instanceof Named(var id)
            ? BackupCatalog.only(repository, volume, id)
            : repository.list(volume);
    List<Backup> all = catalog.backups();
    boolean isOne = this instanceof Named || this instanceof Abbreviated;
    if (whose.named() || !isOne) {
      all = ofHost(all, volume, whose);
    }
    if (!isOne) {
      warnings(repository, all).forEach(warnings);
    }
    Optional<Backup> chosen = in(all);
    if (!isOne) {
      requireNewest(repository, volume, catalog, chosen);
    }
    return chosen.orElseThrow(
        () ->
            new NoSuchBackup(
                repository.address(),
                wanted(volume) + (whose.named() ? " of host " + whose.host() : "")));
  }

  /** Refuses a choice that may not be the newest because others are hidden or unreadable. */
  private void requireNewest(
      Repository repository, VolumeName volume, BackupCatalog catalog, Optional<Backup> chosen) {
    for (Damage damage : catalog.damages()) {
      if (damage.isGone() ? this instanceof Latest : mayBeMeant(damage, chosen)) {
        throw new RestoreFailed(
            volume.text(),
            repository.address() + ": " + damage,
            "name an older backup by its ID with --at; "
                + (damage.isGone()
                    ? "if another host forgot the newest, run `keg repo accept %s`"
                        .formatted(repository.address())
                    : "`keg forget ID` forgets what cannot be read"));
      }
    }
  }

  /** Whether an unreadable backup may be later than the one chosen without it. */
  private boolean mayBeMeant(Damage damage, Optional<Backup> chosen) {
    return damage
        .id()
        .filter(id -> !(this instanceof At(var time, var _)) || !id.time().isAfter(time))
        .filter(id -> chosen.filter(backup -> backup.id().compareTo(id) > 0).isEmpty())
        .isPresent();
  }

  /** Warns of backups whose time is in the future and so cannot be trusted. */
  static List<String> warnings(Repository repository, List<Backup> backups) {
    return backups.stream()
        .filter(backup -> backup.id().isAhead(repository.now()))
        .map(
            backup ->
                "backup %s of %s is from the future: the clock was wrong; its time alone does not make it the newest"
                    .formatted(backup.id(), backup.record().volume().name()))
        .toList();
  }

  /** Chooses from a volume's backups, which are in order of creation. */
  default Optional<Backup> in(List<Backup> history) {
    List<Backup> meant = history.stream().filter(this::isMeant).toList();
    if (this instanceof Abbreviated(var text) && meant.size() > 1) {
      throw new RestoreFailed(
          meant.getFirst().record().volume().name().text(),
          "several backups have an ID that begins with %s: %s"
              .formatted(
                  text,
                  meant.stream()
                      .map(backup -> backup.id().text())
                      .collect(Collectors.joining(", "))),
          "give more of the ID");
    }
    return meant.isEmpty() ? Optional.empty() : Optional.of(meant.getLast());
  }

  /** The volumes of a host that a repository has. */
  static List<String> volumes(BackupCatalog catalog, Whose whose) {
    SortedSet<String> hosts = hosts(catalog.backups());
    if (whose.isUnclear(hosts)) {
      throw new InvalidRepository(
          "several hosts have backups there: " + String.join(", ", hosts),
          "choose one with --host");
    }
    if (whose.named() && !hosts.contains(whose.host())) {
      throw new InvalidRepository(
          "it has no backups of host %s, but of %s"
              .formatted(whose.host(), hosts.isEmpty() ? "none" : String.join(", ", hosts)),
          null);
    }
    String meant = whose.among(hosts);
    return catalog.backups().stream()
        .map(Backup::record)
        .filter(backup -> backup.origin().host().equals(meant))
        .map(backup -> backup.volume().name().text())
        .distinct()
        .sorted()
        .toList();
  }

  private static SortedSet<String> hosts(List<Backup> backups) {
    SortedSet<String> hosts = new TreeSet<>();
    backups.forEach(backup -> hosts.add(backup.record().origin().host()));
    return hosts;
  }

  private static List<Backup> ofHost(List<Backup> all, VolumeName volume, Whose whose) {
    SortedSet<String> hosts = hosts(all);
    if (whose.isUnclear(hosts)) {
      throw new RestoreFailed(
          volume.text(),
          "several hosts have backups of a volume of this name: " + String.join(", ", hosts),
          "choose one with --host, or name the backup by its ID with --at");
    }
    String meant = whose.among(hosts);
    return all.stream().filter(backup -> backup.record().origin().host().equals(meant)).toList();
  }

  /** Whether the choice may mean this backup; of several, the last one is chosen. */
  default boolean isMeant(Backup backup) {
    return switch (this) {
      case At(var time, var _) -> !backup.record().started().isAfter(time);
      case Named(var id) -> backup.id().equals(id);
      case Abbreviated part -> part.isMeant(backup.id());
      case Latest _ -> true;
    };
  }

  private String wanted(VolumeName volume) {
    return switch (this) {
      case Latest _ -> volume.text();
      case At(var _, var text) -> volume + " at " + text + " or before";
      case Named(var id) -> volume + " " + id;
      case Abbreviated(var text) -> volume + " " + text;
    };
  }
}
