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
import org.jspecify.annotations.Nullable;

/** Whether the system has noted failures of the devices that volumes lie on. */
final class DeviceCheck {
  /** What is older was seen by an earlier check, and perhaps mended. */
  private static final Duration RECENT = Duration.ofDays(7);

  private final Services services;
  private final Volumes volumes;
  private final Devices devices;
  private final DeviceLog log;
  private @Nullable List<Failure> failures;

  DeviceCheck(Services services, Devices devices, DeviceLog log) {
    this.services = services;
    this.volumes = new Volumes(services);
    this.devices = devices;
    this.log = log;
  }

  /** Of the device below the directory of all volumes. */
  List<Finding> ofRoot() {
    Path directory = services.registry().layout().volumes();
    return recent().isEmpty()
        ? List.of()
        : devices
            .below(directory)
            .flatMap(device -> newest(device, Instant.MIN))
            .map(failure -> finding(directory.toString(), failure))
            .stream()
            .toList();
  }

  /** Of a device that the volume does not share with the root. */
  List<Finding> of(Volume volume) {
    if (recent().isEmpty()) {
      return List.of();
    }
    Optional<String> shared =
        devices.below(services.registry().layout().volumes()).map(Device::name);
    return volumes
        .visible(volume.name())
        .flatMap(devices::below)
        .filter(device -> !shared.equals(Optional.of(device.name())))
        .flatMap(device -> newest(device, heldSince(volume)))
        .map(failure -> finding(volume.name().text(), failure))
        .stream()
        .toList();
  }

  // Before that, the device may have been that of another volume.
  private Instant heldSince(Volume volume) {
    return services.attachments().current(volume.name()).stream()
        .map(Attachment::since)
        .min(Comparator.naturalOrder())
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
