package dev.keg.health;

import dev.keg.backup.drill.ScratchVolume;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.retention.Age;
import dev.keg.lifecycle.Services;
import dev.keg.volume.Volume;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;

/**
 * Checks that a volume's newest backup is sound and recent enough, and that a recent one was
 * verified.
 *
 * @param address the address of the repository, for messages
 * @param maxAge the maximum age of the newest backup; empty for any age
 * @param maxUnverified the maximum age of the newest verified backup; empty for no check
 */
public record BackupCheck(
    String address, BackupCatalog catalog, Optional<Age> maxAge, Optional<Age> maxUnverified) {
  List<Finding> of(Volume volume, Services services) {
    // Nobody expects a backup of a drill's volume, or of memory whose content ends with the
    // machine.
    if (ScratchVolume.isOne(volume.name(), services.home(volume.name()))) {
      return List.of();
    }
    boolean lasts = services.available(volume).map(driver -> driver.lasts(volume)).orElse(true);
    return lasts
        ? newest(volume, services).or(() -> verified(volume, services)).stream().toList()
        : List.of();
  }

  private Optional<Finding> newest(Volume volume, Services services) {
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
    return maxAge
        .filter(age -> isOlder(backup, age, services))
        .map(
            age ->
                new Finding(
                    name,
                    "its newest backup in %s is older than %s: %s"
                        .formatted(address, age, backup.id().text()),
                    "a restore would lose everything since",
                    again));
  }

  /** A volume whose backups are all younger than the limit need not have a verified one yet. */
  private Optional<Finding> verified(Volume volume, Services services) {
    List<Backup> backups = catalog.of(volume.name());
    Optional<Backup> last =
        backups.stream().filter(backup -> backup.checks().verified()).reduce((_, later) -> later);
    return maxUnverified
        .filter(age -> isOlder(last.orElse(backups.getFirst()), age, services))
        .map(
            age ->
                new Finding(
                    volume.name().text(),
                    last.map(
                            backup ->
                                "its newest verified backup in %s is older than %s: %s"
                                    .formatted(address, age, backup.id().text()))
                        .orElse("none of its backups in %s was ever verified".formatted(address)),
                    "it is not known whether it can be restored",
                    "keg verify --repo %s %s".formatted(address, volume.name())));
  }

  private static boolean isOlder(Backup backup, Age age, Services services) {
    ZonedDateTime oldest =
        age.before(services.clock().instant().atZone(services.clock().getZone()));
    return backup.record().started().isBefore(oldest.toInstant());
  }
}
