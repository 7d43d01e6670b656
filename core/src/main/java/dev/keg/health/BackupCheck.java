package dev.keg.health;

import dev.keg.backup.repository.Backup;
import dev.keg.backup.repository.Catalog;
import dev.keg.backup.restore.ScratchVolume;
import dev.keg.backup.retention.Age;
import dev.keg.lifecycle.Services;
import dev.keg.volume.Volume;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;

/**
 * Whether a volume's newest backup is sound and recent enough.
 *
 * @param address of the repository, for messages
 */
public record BackupCheck(String address, Catalog catalog, Age maxAge) {
  List<Finding> of(Volume volume, Services services) {
    // Nobody expects a backup of a drill's copy, or of what is in memory and ends with the machine.
    if (ScratchVolume.isOne(volume.name(), services.home(volume.name()))) {
      return List.of();
    }
    boolean lasts = services.available(volume).map(driver -> driver.lasts(volume)).orElse(true);
    return lasts ? finding(volume, services).stream().toList() : List.of();
  }

  private Optional<Finding> finding(Volume volume, Services services) {
    String name = volume.name().text();
    String again = "keg backup --to " + address + " " + name;
    Optional<Backup> newest = catalog.newest(volume.name());
    if (newest.isEmpty()) {
      return Optional.of(
          new Finding(name, "has no backup in " + address, "its only copy is this one", again)
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
    ZonedDateTime oldest =
        maxAge.before(services.clock().instant().atZone(services.clock().getZone()));
    if (backup.record().started().isBefore(oldest.toInstant())) {
      return Optional.of(
          new Finding(
              name,
              "its newest backup in %s is older than %s: %s"
                  .formatted(address, maxAge, backup.id().text()),
              "a restore would lose everything since",
              again));
    }
    return Optional.empty();
  }
}
