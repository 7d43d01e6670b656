package dev.keg.health;

import dev.keg.backup.drill.ScratchVolume;
import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.BackupCatalog;
import dev.keg.backup.retention.Age;
import dev.keg.lifecycle.Services;
import dev.keg.volume.Volume;
import java.time.Clock;
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
        .flatMap(age -> doubt(backup, age, services))
        .map(
            doubt ->
                new Finding(
                    name,
                    "its newest backup in %s %s: %s".formatted(address, doubt, backup.id().text()),
                    "a restore would lose everything since",
                    again));
  }

  private Optional<Finding> verified(Volume volume, Services services) {
    return maxUnverified.flatMap(age -> unverified(volume, age, services));
  }

  /** A volume whose backups are all younger than the limit need not have a verified one yet. */
  private Optional<Finding> unverified(Volume volume, Age age, Services services) {
    List<Backup> backups = catalog.of(volume.name());
    List<Backup> verified = backups.stream().filter(backup -> backup.checks().verified()).toList();
    boolean enough =
        verified.isEmpty()
            ? backups.stream().allMatch(backup -> doubt(backup, age, services).isEmpty())
            : verified.stream().anyMatch(backup -> doubt(backup, age, services).isEmpty());
    if (enough) {
      return Optional.empty();
    }
    String problem =
        verified.isEmpty()
            ? "none of its backups in %s was ever verified".formatted(address)
            : "its newest verified backup in %s %s: %s"
                .formatted(
                    address,
                    doubt(verified.getLast(), age, services).orElseThrow(),
                    verified.getLast().id().text());
    return Optional.of(
        new Finding(
            volume.name().text(),
            problem,
            "it is not known whether it can be restored",
            "keg verify --repo %s %s".formatted(address, volume.name())));
  }

  private static Optional<String> doubt(Backup backup, Age age, Services services) {
    Clock clock = services.clock();
    return age.doubt(backup.record().started(), clock.instant().atZone(clock.getZone()));
  }
}
