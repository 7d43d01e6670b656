package dev.keg.health;

import dev.keg.activity.Device;
import dev.keg.activity.DeviceLog;
import dev.keg.activity.DeviceLog.Failure;
import dev.keg.activity.Devices;
import dev.keg.attachment.Attachment;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.Volumes;
import dev.keg.volume.Volume;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the system has noted failures of the devices that volumes lie on. */
final class DeviceCheck {
  /** What is older was seen by an earlier check, and perhaps mended. */
  private static final Duration RECENT = Duration.ofDays(7);

  private final Services services;
  private final Volumes volumes;
  private final Devices devices;
  private final DeviceLog log;

  /** What was noted, and the root's device, once somebody has asked. */
  private @Nullable List<Failure> failures;

  private Optional<Device> shared = Optional.empty();

  DeviceCheck(Services services, Devices devices, DeviceLog log) {
    this.services = services;
    this.volumes = new Volumes(services);
    this.devices = devices;
    this.log = log;
  }

  /** Of the device below the directory of all volumes. */
  List<Finding> ofRoot() {
    return recent().isEmpty()
        ? List.of()
        : shared.flatMap(device -> newest(device, Instant.MIN)).stream()
            .map(failure -> finding(directory().toString(), failure))
            .toList();
  }

  /** Of a device that the volume does not share with the root. */
  List<Finding> of(Volume volume) {
    if (!concernsOthers()) {
      return List.of();
    }
    Optional<String> root = shared.map(Device::name);
    return volumes
        .liesOn(volume)
        .flatMap(devices::below)
        .filter(device -> !root.equals(Optional.of(device.name())))
        .flatMap(device -> newest(device, heldSince(volume)))
        .map(failure -> finding(volume.name().text(), failure))
        .stream()
        .toList();
  }

  /** Whether a failure is not of the root's device; only then each volume is looked at. */
  private boolean concernsOthers() {
    Set<String> known = recent().isEmpty() ? Set.of() : shared.map(Device::names).orElse(Set.of());
    return recent().stream().anyMatch(failure -> !known.contains(failure.device()));
  }

  private Path directory() {
    return services.registry().layout().volumes();
  }

  // Before that, the device may have been that of another volume. The log tells whole seconds.
  private Instant heldSince(Volume volume) {
    return services.attachments().current(volume.name()).stream()
        .map(Attachment::since)
        .min(Comparator.naturalOrder())
        .map(since -> since.plusSeconds(1))
        .orElse(Instant.MIN);
  }

  private Optional<Failure> newest(Device device, Instant since) {
    Instant now = services.clock().instant();
    return recent().stream()
        .filter(failure -> device.names().contains(failure.device()))
        .filter(failure -> !now.minus(failure.ago()).isBefore(since))
        .reduce((_, last) -> last);
  }

  private List<Failure> recent() {
    if (failures == null) {
      failures =
          log.failures().stream().filter(failure -> failure.ago().compareTo(RECENT) <= 0).toList();
      shared = failures.isEmpty() ? Optional.empty() : devices.below(directory());
    }
    return failures;
  }

  private static Finding finding(String subject, Failure failure) {
    return new Finding(
            subject,
            "the kernel reports errors of %s: %s".formatted(failure.device(), failure.message()),
            "data may be lost",
            "back up what can be read, then replace the disk; dmesg -C clears the report")
        .critical();
  }
}
