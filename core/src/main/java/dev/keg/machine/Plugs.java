package dev.keg.machine;

import dev.keg.attachment.Attachment;
import dev.keg.driver.Renders;
import dev.keg.driver.Renders.MachineDisk;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.HolderException.AttachRefused;
import dev.keg.error.HolderException.MachineFailed;
import dev.keg.lifecycle.Services;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Gets the disks for machines from the volumes' drivers. */
final class Plugs {
  private final Services services;
  private final MachineRecords records;

  Plugs(Services services, MachineRecords records) {
    this.services = services;
    this.records = records;
  }

  /** The disks of the volumes as their machine knows them; all must belong to the same one. */
  List<Plug> of(String operation, List<VolumeName> volumes) {
    List<Plug> plugs = new ArrayList<>();
    Set<String> machines = new TreeSet<>();
    for (VolumeName name : volumes) {
      Volume volume = services.registry().get(operation, name);
      Attachment.Disk record =
          records
              .of(name)
              .findFirst()
              .orElseThrow(
                  () ->
                      new MachineFailed(
                          operation, name.text(), "no machine has it", "leave out --qmp", null));
      machines.add(record.machine());
      plugs.add(of(name, disk(operation, volume), record));
    }
    if (machines.size() > 1) {
      throw new MachineFailed(
          operation,
          volumes.getLast().text(),
          "the volumes are attached to different machines: " + String.join(", ", machines),
          "back up the volumes of one machine at a time",
          null);
    }
    return plugs;
  }

  Plug of(VolumeName name, MachineDisk disk, Attachment.Disk record) {
    List<Attachment.Disk> others =
        records.disks(new MachineId(record.machine())).stream()
            .filter(held -> !held.volume().equals(name))
            .map(HeldDisk::attachment)
            .toList();
    List<Path> files =
        record.placement().stream()
            .flatMap(placement -> placement.files().stream())
            .map(disk.file().getFileSystem()::getPath)
            .toList();
    List<Path> all = files.isEmpty() ? List.of(disk.file()) : files;
    return new Plug(
        new DriveId(record.drive()),
        name,
        disk,
        record.readOnly() || disk.readOnly(),
        Placements.slot(record),
        all,
        Placements.unshared(all, others));
  }

  MachineDisk disk(String operation, Volume volume) {
    return disk(operation, volume, services.home(volume.name()));
  }

  MachineDisk disk(String operation, Volume volume, VolumeHome home) {
    String name = volume.name().text();
    if (services.driver(operation, volume) instanceof Renders renders) {
      return renders.machineDisk(volume, home);
    }
    throw new NotSupported(
        operation,
        name,
        "driver '%s' provides a directory, not a disk; `keg render` shares directories"
            .formatted(volume.driver()));
  }

  static void refuseBuilt(AttachRequest request, MachineDisk disk) {
    if (disk.readOnly() && !request.readOnly()) {
      throw new AttachRefused(
          request.volume(),
          "its disk is read-only: other volumes are built on it, or it is an ISO image;"
              + " attach it with --read-only");
    }
  }

  /** The files that a machine reads for a disk. */
  List<String> files(Volume volume, MachineDisk disk) {
    return files(volume, disk, services.home(volume.name())).stream().map(Path::toString).toList();
  }

  List<Path> files(Volume volume, MachineDisk disk, VolumeHome home) {
    List<Path> files = new ArrayList<>(List.of(disk.file()));
    if (services.drivers().open(volume.driver(), "attach", volume.name().text())
        instanceof Renders renders) {
      files.addAll(renders.foundations(volume, home));
    }
    return files.stream().map(Path::toAbsolutePath).toList();
  }
}
