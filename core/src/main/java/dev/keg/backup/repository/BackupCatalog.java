package dev.keg.backup.repository;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.StoreFailures;
import dev.keg.error.BackupException.RepositoryFailed;
import dev.keg.volume.VolumeName;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The backups in a repository, in order of creation, and the indexes that could not be read: a bad
 * index hides no other backup.
 */
public record BackupCatalog(List<Backup> backups, List<Damage> damages) {
  /**
   * The backups of one volume, and the known damage of their data.
   *
   * @param missing the indexes that could not be read, or that were seen before and are gone
   */
  public record History(List<Backup> backups, Damages damages, List<Damage> missing) {
    static final History NONE = new History(List.of(), Damages.NONE, List.of());

    public History {
      backups = List.copyOf(backups);
      missing = List.copyOf(missing);
    }
  }

  /** An index that cannot be parsed; its backup may be intact, but nothing is known about it. */
  public record Damage(ObjectName index, String why, Kind kind) {
    /** The kind of problem. */
    enum Kind {
      UNREADABLE,

      /** A later version of Keg wrote it. */
      NEWER,

      /** It is missing, but was seen before. */
      GONE
    }

    public boolean isGone() {
      return kind == Kind.GONE;
    }

    /** The problems as errors. */
    public static List<RepositoryFailed> problems(String address, List<Damage> damages) {
      return damages.stream()
          .map(damage -> new RepositoryFailed(address + ": " + damage, damage.hint(address), null))
          .toList();
    }

    /** Whether the word is the backup's ID, or {@code VOLUME@ID}. */
    public boolean isNamed(String word) {
      String[] parts = index.text().split("/", -1);
      return id().map(BackupId::text)
          .filter(text -> word.equals(text) || word.equals(parts[1] + "@" + text))
          .isPresent();
    }

    /** The backup's id. */
    public Optional<BackupId> id() {
      return RepositoryLayout.idOfIndex(index);
    }

    private String hint(String address) {
      return switch (kind) {
        case GONE ->
            "if another host forgot it, accept the current state: `keg repo accept %s`"
                .formatted(address);
        case NEWER ->
            "use the newer version that wrote it; this one deletes no data while it is there";
        case UNREADABLE ->
            "the other backups are intact; no data is deleted while it is there%s"
                .formatted(id().map("; `keg forget %s` forgets it"::formatted).orElse(""));
      };
    }

    @Override
    public String toString() {
      return index + ": " + why;
    }
  }

  public BackupCatalog {
    backups = List.copyOf(backups);
    damages = damages.stream().sorted(Comparator.comparing(Damage::index)).toList();
  }

  /** The catalogue with at most this backup; no other record is read. */
  public static BackupCatalog only(Repository repository, VolumeName volume, BackupId id) {
    return StoreFailures.translate(
        () -> new IndexReader(repository.store(), repository.now()).read(volume, id));
  }

  public Optional<Backup> find(BackupId id) {
    return backups.stream().filter(backup -> backup.id().equals(id)).findFirst();
  }

  /** The volume's backups, the oldest first. */
  public List<Backup> of(VolumeName volume) {
    return backups.stream()
        .filter(backup -> backup.record().volume().name().equals(volume))
        .toList();
  }

  /** The last backup of the volume. */
  public Optional<Backup> newest(VolumeName volume) {
    return of(volume).reversed().stream().findFirst();
  }

  /** The backups by history, that is, by volume and host. */
  public Collection<List<Backup>> histories() {
    return backups.stream()
        .collect(
            Collectors.groupingBy(
                backup -> backup.record().volume().name() + " " + backup.record().origin().host(),
                TreeMap::new,
                Collectors.toList()))
        .values();
  }

  /** The backups that were seen before and are gone, which make forgetting others dangerous. */
  public List<RepositoryFailed> gone(String address) {
    return Damage.problems(address, damages.stream().filter(Damage::isGone).toList());
  }

  /** The problems of the repository at this address: indexes that could not be read. */
  public List<RepositoryFailed> problems(String address) {
    return Damage.problems(address, damages);
  }
}
