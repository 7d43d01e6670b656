package dev.keg.machine;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.Attachment.Placement;
import dev.keg.attachment.AttachmentHistory;
import dev.keg.attachment.Attachments;
import dev.keg.driver.Renders;
import dev.keg.driver.Renders.MachineDisk;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.HolderException.AttachRefused;
import dev.keg.error.HolderException.MachineFailed;
import dev.keg.error.HolderException.NotAttached;
import dev.keg.error.InvalidInput.InvalidMachine;
import dev.keg.error.VolumeException;
import dev.keg.lifecycle.CreateResult;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.registry.RestoreJournal;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Attaches disks to machines and detaches them. */
public final class Machines {
  private final Services services;
  private final VolumeRegistry registry;
  private final Attachments attachments;
  private final AttachmentHistory history;

  public Machines(Services services) {
    this.services = services;
    this.registry = services.registry();
    this.attachments = services.attachments();
    this.history = new AttachmentHistory(registry);
  }

  /** A volume and the record of its attachment. */
  public record HeldDisk(VolumeName volume, Attachment.Disk attachment) {}

  /** The disks of the machine in the order of attachment. */
  public List<HeldDisk> disks(MachineId machine) {
    List<HeldDisk> disks = new ArrayList<>();
    if (registry.openForReading()) {
      for (VolumeName name : new MachineFile(registry, machine).volumes()) {
        find(name, machine).ifPresent(disk -> disks.add(new HeldDisk(name, disk)));
      }
    }
    return disks;
  }

  Optional<Attachment.Disk> find(VolumeName name, MachineId machine) {
    return attachments.recorded(name).stream()
        .filter(Attachment.Disk.class::isInstance)
        .map(Attachment.Disk.class::cast)
        .filter(disk -> disk.machine().equals(machine.text()))
        .findFirst();
  }

  /**
   * Records that the machine has the volume and, if the machine is running, plugs it in. The record
   * comes first: a machine must never write to a disk that looks free.
   */
  public Attachment.Disk attach(AttachRequest request, Optional<RunningMachine> running) {
    VolumeName name = registry.openFor("attach", request.volume());
    String machineName = request.machine().text();
    requireUsable(request.machine());
    try (var _ = registry.lock().lockContainer(machineName);
        var _ = registry.lock().lock(name)) {
      Volume volume = registry.get("attach", name);
      RestoreJournal.requireWhole("attach", name, services.home(name));
      MachineDisk disk = machineDisk("attach", volume);
      Optional<Attachment.Disk> already = find(name, request.machine());
      if (already.isPresent()) {
        return again(request, already.get(), running, plug(name, disk, already.get()));
      }
      refuseConflict(request, name, disk);
      Attachment.Disk record = record(request, files(volume, disk));
      add(request.machine(), name, record);
      refuseBuiltMeanwhile(request, volume, record);
      running.ifPresent(machine -> plugIn(machine, plug(name, disk, record), request.machine()));
      return record;
    }
  }

  /** Its name becomes that of a file. */
  void requireUsable(MachineId machine) {
    registry
        .whyUnusable("machine", machine.text())
        .ifPresent(
            why -> {
              throw new InvalidMachine("invalid machine name: '" + machine + "': " + why);
            });
  }

  /** Creates a disk that the machine has from the first moment. */
  public CreateResult create(VolumeRequest request, AttachRequest attach) {
    return new DiskCreation(services, this).create(request, attach);
  }

  /** The disks of the volumes as the machine that has them knows them, which must be one. */
  public List<Plug> plugs(String operation, List<VolumeName> volumes) {
    List<Plug> plugs = new ArrayList<>();
    Set<String> machines = new TreeSet<>();
    for (VolumeName name : volumes) {
      Volume volume = registry.get(operation, name);
      Attachment.Disk record =
          attachments.recorded(name).stream()
              .filter(Attachment.Disk.class::isInstance)
              .map(Attachment.Disk.class::cast)
              .findFirst()
              .orElseThrow(
                  () ->
                      new MachineFailed(
                          operation, name.text(), "no machine has it", "leave out --qmp", null));
      machines.add(record.machine());
      plugs.add(plug(name, machineDisk(operation, volume), record));
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

  private MachineDisk machineDisk(String operation, Volume volume) {
    return machineDisk(operation, volume, services.home(volume.name()));
  }

  MachineDisk machineDisk(String operation, Volume volume, VolumeHome home) {
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

  /** An attach that was killed halfway is completed. */
  private static Attachment.Disk again(
      AttachRequest request, Attachment.Disk already, Optional<RunningMachine> running, Plug plug) {
    boolean asAsked =
        already.readOnly() == request.readOnly()
            && request.drive().map(DriveId::text).orElse(already.drive()).equals(already.drive());
    if (running.isEmpty() || !asAsked) {
      throw new AttachRefused(
          request.volume(),
          "it is already attached to %s, as %s%s"
              .formatted(
                  already.machine(), already.drive(), already.readOnly() ? ", read-only" : ""));
    }
    running.get().plug(plug);
    return already;
  }

  static void refuseBuilt(AttachRequest request, MachineDisk disk) {
    if (disk.readOnly() && !request.readOnly()) {
      throw new AttachRefused(
          request.volume(),
          "its disk is read-only: other volumes are built on it, or it is an ISO image;"
              + " attach it with --read-only");
    }
  }

  // Whoever builds on a disk does so first and looks for writers afterwards, so one of the two sees
  // the other without a lock.
  private void refuseBuiltMeanwhile(AttachRequest request, Volume volume, Attachment.Disk record) {
    try {
      refuseBuilt(request, machineDisk("attach", volume));
    } catch (VolumeException e) {
      remove(request.machine(), volume.name(), record);
      throw e;
    }
  }

  private void refuseConflict(AttachRequest request, VolumeName name, MachineDisk disk) {
    refuseBuilt(request, disk);
    services.conflicts().refuseAttaching("attach", name, request.readOnly());
  }

  /** The files that a machine reads for a disk. */
  private List<String> files(Volume volume, MachineDisk disk) {
    return files(volume, disk, registry.layout().home(volume.name())).stream()
        .map(Path::toString)
        .toList();
  }

  List<Path> files(Volume volume, MachineDisk disk, VolumeHome home) {
    List<Path> files = new ArrayList<>(List.of(disk.file()));
    if (services.drivers().open(volume.driver(), "attach", volume.name().text())
        instanceof Renders renders) {
      files.addAll(renders.foundations(volume, home));
    }
    return files.stream().map(Path::toAbsolutePath).toList();
  }

  /** The record of a new attachment; refuses a drive that the machine has already. */
  Attachment.Disk record(AttachRequest request, List<String> files) {
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
        services.clock().instant(),
        Optional.of(new Placement(slot, files)));
  }

  private void add(MachineId machine, VolumeName name, Attachment.Disk record) {
    announce(machine, name);
    attachments.add(name, record);
  }

  /** Lets the machine look for a disk in the volume. */
  void announce(MachineId machine, VolumeName name) {
    MachineFile file = new MachineFile(registry, machine);
    SequencedSet<VolumeName> volumes = file.volumes();
    // An entry of a killed command loses its place in the order, too.
    volumes.removeIf(other -> find(other, machine).isEmpty());
    volumes.addLast(name);
    file.write(volumes);
  }

  private void remove(MachineId machine, VolumeName name, Attachment.Disk record) {
    attachments.remove(name, record);
    withdraw(machine, name);
  }

  /** Undoes {@link #announce}. */
  void withdraw(MachineId machine, VolumeName name) {
    MachineFile file = new MachineFile(registry, machine);
    SequencedSet<VolumeName> volumes = file.volumes();
    if (volumes.remove(name)) {
      file.write(volumes);
    }
  }

  private void plugIn(RunningMachine running, Plug plug, MachineId machine) {
    try {
      running.plug(plug);
    } catch (VolumeException e) {
      forget(running, plug, machine, e);
      throw e;
    }
  }

  // As long as the machine might have the disk, nobody else may have it.
  private void forget(
      RunningMachine running, Plug plug, MachineId machine, VolumeException failure) {
    try {
      if (running.lacks(plug)) {
        find(plug.volume(), machine).ifPresent(record -> remove(machine, plug.volume(), record));
      } else {
        failure.addSuppressed(
            new AttachRefused(
                plug.volume().text(),
                "%s may still have it, so it stays attached; try again, or detach it"
                    .formatted(machine)));
      }
    } catch (VolumeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Detaches the volume, first from the running machine if there is one. */
  public Attachment.Disk detach(String text, MachineId machine, Optional<RunningMachine> running) {
    VolumeName name = registry.openFor("detach", text);
    try (var _ = registry.lock().lockContainer(machine.text());
        var _ = registry.lock().lock(name)) {
      Volume volume = registry.get("detach", name);
      Optional<Attachment.Disk> attached = find(name, machine);
      if (attached.isEmpty()) {
        return detachedBefore(name, machine);
      }
      Attachment.Disk record = attached.get();
      if (running.isPresent()) {
        running.get().unplug(plug(name, machineDisk("detach", volume), record));
      }
      history.add(name, record, services.clock().instant());
      remove(machine, name, record);
      return record;
    }
  }

  /** A detach that was killed after the volume's record was deleted is completed. */
  private Attachment.Disk detachedBefore(VolumeName name, MachineId machine) {
    MachineFile file = new MachineFile(registry, machine);
    SequencedSet<VolumeName> volumes = file.volumes();
    boolean killed = volumes.remove(name);
    if (killed) {
      file.write(volumes);
    }
    return history.of(name).reversed().stream()
        .map(AttachmentHistory.Past::disk)
        .filter(disk -> killed && disk.machine().equals(machine.text()))
        .findFirst()
        .orElseThrow(() -> new NotAttached(name.text(), machine.text()));
  }

  private Plug plug(VolumeName name, MachineDisk disk, Attachment.Disk record) {
    List<Attachment.Disk> others =
        disks(new MachineId(record.machine())).stream()
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
}
