package dev.keg.health;

import dev.keg.activity.Device;
import dev.keg.activity.DeviceLog;
import dev.keg.activity.DeviceLog.Failure;
import dev.keg.activity.Devices;
import dev.keg.attachment.Attachment;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.Volumes;
import dev.keg.registry.pool.Place;
import dev.keg.volume.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the system has noted failures of the devices that volumes lie on. */
final class DeviceCheck {
  /** Older reports were seen by an earlier check, and perhaps dealt with. */
  private static final Duration RECENT = Duration.ofDays(7);

  private final Services services;
  private final Volumes volumes;
  private final Devices devices;
  private final DeviceLog log;

  /** What was noted, and the devices below all volumes, once somebody has asked. */
  private @Nullable List<Failure> failures;

  private List<Shared> shared = List.of();

  /** A device, and the root or the pool whose volumes lie on it. */
  private record Shared(String subject, Device device) {}

  DeviceCheck(Services services, Devices devices, DeviceLog log) {
    this.services = services;
    this.volumes = new Volumes(services);
    this.devices = devices;
    this.log = log;
  }

  /** Of the devices below the root and its pools. */
  List<Finding> ofPlaces() {
    return recent().isEmpty()
        ? List.of()
        : shared.stream()
            .flatMap(
                place ->
                    newest(place.device(), Instant.MIN).stream()
                        .map(failure -> finding(place.subject(), failure)))
            .toList();
  }

  /** Of a device that is not below the root or a pool as well. */
  List<Finding> of(Volume volume) {
    if (!concernsOthers()) {
      return List.of();
    }
    Instant since = volumes.visible(volume.name()).isPresent() ? heldSince(volume) : Instant.MIN;
    return volumes
        .liesOn(volume)
        .flatMap(devices::below)
        .filter(device -> shared.stream().noneMatch(place -> isSame(place.device(), device)))
        .flatMap(device -> newest(device, since))
        .map(failure -> finding(volume.name().text(), failure))
        .stream()
        .toList();
  }

  private static boolean isSame(Device one, Device other) {
    return one.name().equals(other.name());
  }

  /** Whether a failure is of none of the shared devices; only then each volume is looked at. */
  private boolean concernsOthers() {
    return recent().stream()
        .anyMatch(
            failure ->
                shared.stream()
                    .noneMatch(place -> place.device().names().contains(failure.device())));
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
      shared = failures.isEmpty() ? List.of() : shared();
    }
    return failures;
  }

  /** Each device once, as that of the root if it is that, too. */
  private List<Shared> shared() {
    List<Shared> all = new ArrayList<>();
    for (Place place : services.registry().layout().places().present()) {
      String subject =
          place.isDefault() ? place.volumes().toString() : "pool " + place.pool().text();
      devices
          .below(place.volumes())
          .filter(device -> all.stream().noneMatch(known -> isSame(known.device(), device)))
          .ifPresent(device -> all.add(new Shared(subject, device)));
    }
    return all;
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
