package dev.keg.health;

import dev.keg.driver.DriverFactory;
import dev.keg.driver.HasDevices;
import dev.keg.driver.HasDevices.IdleDevice;
import dev.keg.file.FileFailures;
import dev.keg.lifecycle.Services;
import dev.keg.registry.RegistryLock;
import dev.keg.registry.pool.Place;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds devices of volumes that killed commands left, or that somebody attached and forgot. */
final class IdleDeviceCheck {
  private final Services services;
  private final List<Path> places;

  IdleDeviceCheck(Services services) {
    this.services = services;
    this.places =
        services.registry().layout().places().present().stream().map(Place::volumes).toList();
  }

  List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    for (DriverFactory factory : services.drivers().all()) {
      if (factory.unavailable().isEmpty()
          && services.drivers().open(factory.name(), "check", factory.name())
              instanceof HasDevices driver) {
        for (IdleDevice device : idleDevices(driver)) {
          ifIdle(driver, device, () -> findings.add(finding(driver, device)));
        }
      }
    }
    return findings;
  }

  /**
   * Runs the action if the device is idle. A command holds the volume's lock while it has a device
   * that nothing uses yet.
   */
  private void ifIdle(HasDevices driver, IdleDevice device, Runnable then) {
    Optional<VolumeName> name = volume(device);
    if (name.isEmpty()) {
      then.run();
      return;
    }
    Optional<RegistryLock.Held> lock = services.registry().lock().tryLock(name.get());
    if (lock.isEmpty()) {
      return;
    }
    try (var _ = lock.get()) {
      if (services.attachments().current(name.get()).isEmpty()
          && idleDevices(driver).contains(device)) {
        then.run();
      }
    }
  }

  // The kernel's path of the file contains no symbolic links, but that of the root may.
  private Optional<VolumeName> volume(IdleDevice device) {
    return places.stream()
        .map(place -> FileFailures.translate("examine devices", place, place::toRealPath))
        .filter(real -> device.file().startsWith(real) && !device.file().equals(real))
        .flatMap(
            real ->
                VolumeName.lookup(real.relativize(device.file()).getName(0).toString()).stream())
        .findFirst();
  }

  private List<IdleDevice> idleDevices(HasDevices driver) {
    return places.stream().flatMap(place -> driver.idleDevices(place).stream()).toList();
  }

  private Finding finding(HasDevices driver, IdleDevice device) {
    return new Finding(
            volume(device).map(VolumeName::text).orElse(device.device().toString()),
            "%s is attached to %s, but nothing uses it".formatted(device.device(), device.file()),
            "it occupies a device, and the file takes space even after it is deleted",
            "free the device")
        .repairedBy(() -> ifIdle(driver, device, () -> driver.free(device)));
  }
}
