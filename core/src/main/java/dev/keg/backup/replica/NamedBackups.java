package dev.keg.backup.replica;

import dev.keg.backup.replica.BackupChoice.Abbreviated;
import dev.keg.backup.replica.BackupChoice.Named;
import dev.keg.backup.replica.Rotation.Decision;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.BackupId;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.ObjectLock;
import dev.keg.backup.repository.Repository;
import dev.keg.backup.repository.rest.Copied;
import dev.keg.backup.retention.Verdict;
import dev.keg.backup.store.ObjectName;
import dev.keg.error.BackupException.BackupWithdrawn;
import dev.keg.error.BackupException.ForgetFailed;
import dev.keg.error.BackupException.NoSuchBackup;
import dev.keg.volume.VolumeName;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Backups to forget by name, regardless of a policy: {@code ID} or {@code VOLUME@ID}, where a
 * unique prefix of the ID suffices.
 *
 * @param address the address of their repository
 * @param archived the volumes whose only data is in a backup, by the ids of the backups; these
 *     backups are refused
 */
public record NamedBackups(
    String address, BackupCatalog catalog, Map<String, VolumeName> archived) {
  /** Whether the word may name a backup. Without an {@code @}, it may also be a volume. */
  public static boolean mayBeMeant(String word) {
    return word.contains("@") || choice(word).isPresent();
  }

  /** Whether the word names a backup here, and not a volume. */
  public boolean isMeant(String word) {
    return mayBeMeant(word)
        && catalog.backups().stream().noneMatch(backup -> volume(backup).equals(word));
  }

  /**
   * Requests that all of these are forgotten.
   *
   * @param concerned the backups that names can refer to
   * @param all whether a volume may lose its last backup, or its last undamaged one
   */
  public List<Decision> decide(Collection<String> words, Predicate<Backup> concerned, boolean all) {
    Set<Backup> named = new LinkedHashSet<>();
    words.stream()
        .filter(word -> unreadable(word).isEmpty())
        .forEach(word -> named.add(one(word, concerned)));
    if (!all) {
      catalog.histories().forEach(history -> requireRest(history, named));
    }
    named.forEach(backup -> requireNotArchived(backup.id()));
    return named.stream()
        .map(backup -> new Decision(backup, new Verdict(backup.restorePoint(), List.of())))
        .toList();
  }

  private void requireNotArchived(BackupId id) {
    VolumeName volume = archived.get(id.text());
    if (volume != null) {
      throw new ForgetFailed(
          address,
          "%s has the data of volume %s, which is archived".formatted(id, volume),
          "`keg move %s --pool default` brings it back, `keg rm %s` gives it up"
              .formatted(volume, volume));
    }
  }

  /**
   * The backups named by these words whose indexes cannot be read; such words must be whole IDs.
   */
  public List<BackupId> unreadable(Collection<String> words) {
    List<BackupId> found = words.stream().map(this::unreadable).flatMap(Optional::stream).toList();
    found.forEach(this::requireNotArchived);
    return found;
  }

  private Optional<BackupId> unreadable(String word) {
    return catalog.damages().stream()
        .filter(damage -> !damage.isGone())
        .filter(damage -> damage.isNamed(word))
        .flatMap(damage -> damage.id().stream())
        .findFirst();
  }

  /**
   * Restores a backup's record if its volume has no sound backup left: two hosts may have forgotten
   * each other's last one at the same time.
   *
   * @param forgotten the backups just forgotten, whose data still exists for a day
   * @param known the tombstones and rests that existed before
   */
  public static void requireRest(
      Repository repository, List<Decision> forgotten, Set<ObjectName> known) {
    BackupCatalog now = repository.list();
    for (List<Backup> lost :
        new BackupCatalog(forgotten.stream().map(Decision::backup).toList(), List.of())
            .histories()) {
      Backup last =
          lost.reversed().stream().filter(NamedBackups::isSound).findFirst().orElse(lost.getLast());
      boolean has =
          now.backups().stream().anyMatch(b -> isOfSame(b, last) && (isSound(b) || !isSound(last)));
      if (!has) {
        keep(repository, last, known);
        throw new ForgetFailed(
            repository.address(),
            "somebody else forgot the other backups of %s at the same time, so %s is kept"
                .formatted(volume(last), last.id()),
            "--force forgets the last one, too");
      }
    }
  }

  /** Nobody else counts its needs until its record exists again. */
  private static void keep(Repository repository, Backup last, Set<ObjectName> known) {
    BackupRecord record = last.record();
    Set<ObjectName> needed =
        record.objects().stream().map(DataObject::name).collect(Collectors.toSet());
    try {
      repository.publish(record, List.of(), Copied.again(needed, known));
    } catch (BackupWithdrawn _) {
      throw new ForgetFailed(
          repository.address(),
          "somebody else forgot the other backups of %s at the same time and deletes their data,"
                  .formatted(volume(last))
              + " so no backup is left",
          "`keg backup %s` makes a new one".formatted(volume(last)));
    }
    new ObjectLock(repository).bases(record);
  }

  private static boolean isSound(Backup backup) {
    return !backup.checks().damaged();
  }

  private static boolean isOfSame(Backup one, Backup other) {
    return volume(one).equals(volume(other))
        && one.record().origin().host().equals(other.record().origin().host());
  }

  private Backup one(String word, Predicate<Backup> concerned) {
    String volume = word.substring(0, Math.max(0, word.indexOf('@')));
    BackupChoice choice =
        choice(word.substring(word.indexOf('@') + 1))
            .orElseThrow(() -> new NoSuchBackup(address, word));
    List<Backup> found =
        catalog.backups().stream()
            .filter(backup -> volume.isEmpty() || volume.equals(volume(backup)))
            .filter(concerned.and(choice::isMeant))
            .toList();
    if (found.size() > 1) {
      throw new ForgetFailed(
          address,
          "%s may be %s"
              .formatted(
                  word,
                  found.stream()
                      .map(backup -> backup.id().text())
                      .collect(Collectors.joining(" or "))),
          "give more of the ID");
    }
    return found.stream().findFirst().orElseThrow(() -> new NoSuchBackup(address, word));
  }

  /** Refuses to forget the last sound backup, however many damaged ones remain. */
  private void requireRest(List<Backup> history, Set<Backup> named) {
    List<Backup> going = history.stream().filter(named::contains).toList();
    List<Backup> rest = history.stream().filter(backup -> !named.contains(backup)).toList();
    if (rest.isEmpty() || (isAllDamaged(rest) && !isAllDamaged(going))) {
      Backup last = history.getLast();
      throw new ForgetFailed(
          address,
          "%s of %s would have %s left"
              .formatted(
                  volume(last),
                  last.record().origin().host(),
                  rest.isEmpty() ? "no backup" : "only damaged backups"),
          "--force forgets the last one, too");
    }
  }

  private static boolean isAllDamaged(List<Backup> backups) {
    return backups.stream().allMatch(backup -> backup.checks().damaged());
  }

  private static Optional<BackupChoice> choice(String text) {
    return BackupId.lookup(text).<BackupChoice>map(Named::new).or(() -> Abbreviated.lookup(text));
  }

  private static String volume(Backup backup) {
    return backup.record().volume().name().text();
  }
}
