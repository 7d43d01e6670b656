package dev.keg.machine;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.Attachment.Placement;
import dev.keg.attachment.Attachments;
import dev.keg.error.HolderException.AttachRefused;
import dev.keg.error.InvalidInput.InvalidMachine;
import dev.keg.lifecycle.Services;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.VolumeName;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The records of the disks of machines: each machine's list of volumes, and each volume's record of
 * its attachment. Changing them requires the locks of both.
 */
final class MachineRecords {
  private final VolumeRegistry registry;
  private final Attachments attachments;
  private final Clock clock;

  MachineRecords(Services services) {
    this.registry = services.registry();
    this.attachments = services.attachments();
    this.clock = services.clock();
  }

  /** The disks of the machine in the order of attachment. */
  List<HeldDisk> disks(MachineId machine) {
    List<HeldDisk> disks = new ArrayList<>();
    if (registry.openForReading()) {
      for (VolumeName name : new MachineFile(registry, machine).volumes()) {
        find(name, machine).ifPresent(disk -> disks.add(new HeldDisk(name, disk)));
      }
    }
    return disks;
  }

  Optional<Attachment.Disk> find(VolumeName name, MachineId machine) {
    return of(name).filter(disk -> disk.machine().equals(machine.text())).findFirst();
  }

  /** The attachments of the volume to all machines. */
  Stream<Attachment.Disk> of(VolumeName name) {
    return attachments.recorded(name).stream()
        .filter(Attachment.Disk.class::isInstance)
        .map(Attachment.Disk.class::cast);
  }

  /** Requires that the name is usable as a file name. */
  void requireUsable(MachineId machine) {
    registry
        .usableNames()
        .whyUnusable("machine", machine.text())
        .ifPresent(
            why -> {
              throw new InvalidMachine("invalid machine name: '" + machine + "': " + why);
            });
  }

  /** The record of a new attachment; refuses a drive that the machine already has. */
  Attachment.Disk make(AttachRequest request, List<String> files) {
    List<HeldDisk> held = disks(request.machine());
    Set<DriveId> taken =
        held.stream()
            .map(disk -> new DriveId(disk.attachment().drive()))
            .collect(Collectors.toSet());
    DriveId drive = request.drive().orElseGet(() -> DriveId.next(taken));
    held.stream()
        .filter(disk -> disk.attachment().drive().equals(drive.text()))
        .findFirst()
        .ifPresent(
            disk -> {
              throw new AttachRefused(
                  request.volume(),
                  "%s of %s is volume %s".formatted(drive, request.machine(), disk.volume()));
            });
    List<Attachment.Disk> others = held.stream().map(HeldDisk::attachment).toList();
    int slot = Placements.slot(request.drive(), drive, others);
    return new Attachment.Disk(
        request.machine().text(),
        drive.text(),
        request.readOnly(),
        clock.instant(),
        Optional.of(new Placement(slot, files)));
  }

  void add(MachineId machine, VolumeName name, Attachment.Disk record) {
    announce(machine, name);
    attachments.add(name, record);
  }

  /** Adds the volume to the machine's list. */
  void announce(MachineId machine, VolumeName name) {
    MachineFile file = new MachineFile(registry, machine);
    SequencedSet<VolumeName> volumes = file.volumes();
    // The entry of a killed command also loses its place in the order.
    volumes.removeIf(other -> find(other, machine).isEmpty());
    volumes.addLast(name);
    file.write(volumes);
  }

  void remove(MachineId machine, VolumeName name, Attachment.Disk record) {
    attachments.remove(name, record);
    withdraw(machine, name);
  }

  /** Undoes {@link #announce}; returns false if the machine's list lacks the volume. */
  boolean withdraw(MachineId machine, VolumeName name) {
    MachineFile file = new MachineFile(registry, machine);
    SequencedSet<VolumeName> volumes = file.volumes();
    boolean listed = volumes.remove(name);
    if (listed) {
      file.write(volumes);
    }
    return listed;
  }
}
