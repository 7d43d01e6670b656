package dev.keg.health;

import dev.keg.backup.drill.ScratchVolume;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.repository.CheckState;
import dev.keg.backup.retention.Age;
import dev.keg.lifecycle.Services;
import dev.keg.volume.Volume;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Checks that a volume's newest backup is sound and recent enough, and that a recent one was
 * verified or drilled.
 *
 * @param address the address of the repository, for messages
 */
public record BackupCheck(String address, BackupCatalog catalog, Limits limits) {
  /**
   * The maximum ages of backups.
   *
   * @param age of the newest one; empty for any age
   * @param unverified of the newest verified one; empty for no check
   * @param undrilled of the newest drilled one; empty for no check
   */
  public record Limits(Optional<Age> age, Optional<Age> unverified, Optional<Age> undrilled) {}

  List<Finding> of(Volume volume, Services services) {
    // Nobody expects a backup of a drill's volume, or of memory whose content ends with the
    // machine.
    if (ScratchVolume.isOne(volume.name(), services.home(volume.name()))) {
      return List.of();
    }
    boolean lasts = services.available(volume).map(driver -> driver.lasts(volume)).orElse(true);
    if (!lasts) {
      return List.of();
    }
    ZonedDateTime now = services.clock().instant().atZone(services.clock().getZone());
    Optional<Finding> newest = newest(volume, now);
    return newest.isPresent()
        ? List.of(newest.get())
        : Stream.of(
                limits.unverified().flatMap(age -> unproven(Proof.VERIFIED, volume, age, now)),
                limits.undrilled().flatMap(age -> unproven(Proof.DRILLED, volume, age, now)))
            .flatMap(Optional::stream)
            .toList();
  }

  private Optional<Finding> newest(Volume volume, ZonedDateTime now) {
    String name = volume.name().text();
    String again = "keg backup --to " + address + " " + name;
    Optional<Backup> newest = catalog.newest(volume.name());
    if (newest.isEmpty()) {
      return Optional.of(
          new Finding(name, "has no backup in " + address, "this is its only copy", again)
              .critical());
    }
    Backup backup = newest.get();
    if (backup.checks().damaged()) {
      return Optional.of(
          new Finding(
                  name,
                  "its newest backup %s in %s is damaged".formatted(backup.id().text(), address),
                  "a restore would fail or lose data",
                  again)
              .critical());
    }
    return limits
        .age()
        .flatMap(age -> doubt(backup, age, now))
        .map(
            doubt ->
                new Finding(
                    name,
                    "its newest backup in %s %s: %s".formatted(address, doubt, backup.id().text()),
                    "a restore would lose everything since",
                    again));
  }

  /** A check that backups need to have passed. */
  private record Proof(
      String done, Predicate<CheckState> isPassed, String consequence, String command) {
    static final Proof VERIFIED =
        new Proof(
            "verified",
            CheckState::verified,
            "it is not known whether it can be restored",
            "keg verify --repo");

    static final Proof DRILLED =
        new Proof(
            "drilled",
            CheckState::drilled,
            "no restore has shown that it can be used, and how long that takes",
            "keg drill --from");
  }

  /** A volume whose backups are all younger than the limit need not have a proven one yet. */
  private Optional<Finding> unproven(Proof proof, Volume volume, Age age, ZonedDateTime now) {
    List<Backup> backups = catalog.of(volume.name());
    List<Backup> proven =
        backups.stream().filter(backup -> proof.isPassed().test(backup.checks())).toList();
    boolean enough =
        proven.isEmpty()
            ? backups.stream().allMatch(backup -> doubt(backup, age, now).isEmpty())
            : proven.stream().anyMatch(backup -> doubt(backup, age, now).isEmpty());
    if (enough) {
      return Optional.empty();
    }
    String problem =
        proven.isEmpty()
            ? "none of its backups in %s was ever %s".formatted(address, proof.done())
            : "its newest %s backup in %s %s: %s"
                .formatted(
                    proof.done(),
                    address,
                    doubt(proven.getLast(), age, now).orElseThrow(),
                    proven.getLast().id().text());
    return Optional.of(
        new Finding(
            volume.name().text(),
            problem,
            proof.consequence(),
            "%s %s %s".formatted(proof.command(), address, volume.name())));
  }

  private static Optional<String> doubt(Backup backup, Age age, ZonedDateTime now) {
    return age.doubt(backup.record().started(), now);
  }
}
