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

/** Checks whether the system has logged failures of the devices below volumes. */
final class DeviceCheck {
  /** Older failures were seen by an earlier check, and possibly dealt with. */
  private static final Duration RECENT = Duration.ofDays(7);

  private final Services services;
  private final Volumes volumes;
  private final Devices devices;
  private final DeviceLog log;

  /** The logged failures, and the devices below all volumes, read on first use. */
  private @Nullable List<Failure> failures;

  private List<Shared> shared = List.of();

  /** A device, and the root or the pool with volumes on it. */
  private record Shared(String subject, Device device) {}

  DeviceCheck(Services services, Devices devices, DeviceLog log) {
    this.services = services;
    this.volumes = new Volumes(services);
    this.devices = devices;
    this.log = log;
  }

  /** Findings about the devices below the root and its pools. */
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

  /** Findings about a device that is not also below the root or a pool. */
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

  /**
   * Whether there is a failure of a device that is not shared; only then each volume is examined.
   */
  private boolean concernsOthers() {
    return recent().stream()
        .anyMatch(
            failure ->
                shared.stream()
                    .noneMatch(place -> place.device().names().contains(failure.device())));
  }

  // Before that, the device may have belonged to another volume. The log has whole seconds.
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

  /** Each device once; the root takes precedence. */
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
