package dev.keg.machine;

import dev.keg.attachment.Attachment;
import dev.keg.attachment.AttachmentHistory;
import dev.keg.driver.Renders.MachineDisk;
import dev.keg.error.HolderException.AttachRefused;
import dev.keg.error.HolderException.NotAttached;
import dev.keg.error.VolumeException;
import dev.keg.lifecycle.CreateResult;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.registry.VolumeRegistry;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.util.List;
import java.util.Optional;

/** Attaches disks to machines and detaches them. */
public final class Machines {
  private final Services services;
  private final VolumeRegistry registry;
  private final AttachmentHistory history;
  private final MachineRecords records;
  private final Plugs plugs;

  public Machines(Services services) {
    this.services = services;
    this.registry = services.registry();
    this.history = new AttachmentHistory(registry);
    this.records = new MachineRecords(services);
    this.plugs = new Plugs(services, records);
  }

  /** The disks of the machine in the order of attachment. */
  public List<HeldDisk> disks(MachineId machine) {
    return records.disks(machine);
  }

  /**
   * Records that the machine has the volume and, if the machine is running, plugs it in. The record
   * comes first: a machine must never write to a disk that looks free.
   */
  public Attachment.Disk attach(AttachRequest request, Optional<RunningMachine> running) {
    VolumeName name = registry.openFor("attach", request.volume());
    String machineName = request.machine().text();
    records.requireUsable(request.machine());
    try (var _ = registry.lock().lockContainer(machineName);
        var _ = registry.lock().lock(name)) {
      Volume volume = registry.get("attach", name);
      RestoreJournal.requireWhole("attach", name, services.home(name));
      MachineDisk disk = plugs.disk("attach", volume);
      Optional<Attachment.Disk> already = records.find(name, request.machine());
      if (already.isPresent()) {
        return again(request, already.get(), running, plugs.of(name, disk, already.get()));
      }
      refuseConflict(request, name, disk);
      Attachment.Disk record = records.make(request, plugs.files(volume, disk));
      records.add(request.machine(), name, record);
      refuseBuiltMeanwhile(request, volume, record);
      running.ifPresent(
          machine -> plugIn(machine, plugs.of(name, disk, record), request.machine()));
      return record;
    }
  }

  /** Creates a disk that belongs to the machine from the beginning. */
  public CreateResult create(VolumeRequest request, AttachRequest attach) {
    return new DiskCreation(services, records, plugs).create(request, attach);
  }

  /** The disks of the volumes as their machine knows them; all must belong to the same one. */
  public List<Plug> plugs(String operation, List<VolumeName> volumes) {
    return plugs.of(operation, volumes);
  }

  /** Completes an attach that was killed halfway. */
  private static Attachment.Disk again(
      AttachRequest request, Attachment.Disk already, Optional<RunningMachine> running, Plug plug) {
    if (running.isEmpty() || !request.isMetBy(already)) {
      throw new AttachRefused(
          request.volume(),
          "it is already attached to %s, as %s%s"
              .formatted(
                  already.machine(), already.drive(), already.readOnly() ? ", read-only" : ""));
    }
    running.get().plug(plug);
    return already;
  }

  // Building on a disk happens before looking for its writers, so one of the two sides sees the
  // other without a lock.
  private void refuseBuiltMeanwhile(AttachRequest request, Volume volume, Attachment.Disk record) {
    try {
      Plugs.refuseBuilt(request, plugs.disk("attach", volume));
    } catch (VolumeException e) {
      records.remove(request.machine(), volume.name(), record);
      throw e;
    }
  }

  private void refuseConflict(AttachRequest request, VolumeName name, MachineDisk disk) {
    Plugs.refuseBuilt(request, disk);
    services.conflicts().refuseAttaching("attach", name, request.readOnly());
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
        records
            .find(plug.volume(), machine)
            .ifPresent(record -> records.remove(machine, plug.volume(), record));
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
      Optional<Attachment.Disk> attached = records.find(name, machine);
      if (attached.isEmpty()) {
        return detachedBefore(name, machine);
      }
      Attachment.Disk record = attached.get();
      if (running.isPresent()) {
        running.get().unplug(plugs.of(name, plugs.disk("detach", volume), record));
      }
      history.add(name, record, services.clock().instant());
      records.remove(machine, name, record);
      return record;
    }
  }

  /** Completes a detach that was killed after the volume's record was deleted. */
  private Attachment.Disk detachedBefore(VolumeName name, MachineId machine) {
    boolean killed = records.withdraw(machine, name);
    return history.of(name).reversed().stream()
        .map(AttachmentHistory.Past::disk)
        .filter(disk -> killed && disk.machine().equals(machine.text()))
        .findFirst()
        .orElseThrow(() -> new NotAttached(name.text(), machine.text()));
  }
}
