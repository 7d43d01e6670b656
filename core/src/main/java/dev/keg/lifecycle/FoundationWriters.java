package dev.keg.lifecycle;

import dev.keg.attachment.Attachment;
import dev.keg.driver.Renders;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.file.FileFailures;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds writers to the disks that a new volume is built on, who would corrupt the volume. */
public final class FoundationWriters {
  private final Services services;

  public FoundationWriters(Services services) {
    this.services = services;
  }

  /** Refuses an unpublished volume that is built on a disk that somebody may write to. */
  public void requireStill(String operation, Volume volume, VolumeHome home) {
    List<Path> foundations =
        renders(volume).map(renders -> renders.foundations(volume, home)).orElse(List.of());
    if (!foundations.isEmpty()) {
      services
          .registry()
          .names()
          .forEach(other -> requireStill(operation, volume, other, foundations));
    }
  }

  private void requireStill(
      String operation, Volume volume, VolumeName other, List<Path> foundations) {
    List<String> writers =
        services.attachments().current(other).stream()
            .filter(holder -> !holder.readOnly())
            .map(Attachment::holder)
            .distinct()
            .toList();
    if (!writers.isEmpty()
        && disk(other).stream().anyMatch(disk -> isAmong(disk, foundations, other))) {
      throw new DriverFailed(
          operation,
          volume.name().text(),
          "it is built on volume %s, which is open for writing - %s".formatted(other, writers),
          "detach or unmount volume %s first; it is read-only while others are built on it"
              .formatted(other),
          null);
    }
  }

  private Optional<Path> disk(VolumeName name) {
    return services
        .registry()
        .find(name)
        .flatMap(
            volume -> renders(volume).map(r -> r.machineDisk(volume, services.home(name)).file()));
  }

  private Optional<Renders> renders(Volume volume) {
    return services.available(volume).filter(Renders.class::isInstance).map(Renders.class::cast);
  }

  private static boolean isAmong(Path disk, List<Path> foundations, VolumeName name) {
    return FileFailures.translate(
        "examine " + name,
        disk,
        () -> {
          for (Path foundation : foundations) {
            if (Files.isSameFile(disk, foundation)) {
              return true;
            }
          }
          return false;
        });
  }
}
