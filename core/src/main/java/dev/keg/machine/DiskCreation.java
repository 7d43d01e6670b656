package dev.keg.machine;

import dev.keg.attachment.Attachment;
import dev.keg.driver.Renders.MachineDisk;
import dev.keg.error.HolderException.AttachRefused;
import dev.keg.error.VolumeException;
import dev.keg.lifecycle.CreateResult;
import dev.keg.lifecycle.Services;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.lifecycle.Volumes;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.nio.file.Path;
import java.util.List;

/**
 * Creates a disk that belongs to a machine from the beginning: the volume is published along with
 * the record of its attachment, so neither ever exists without the other.
 */
final class DiskCreation {
  private final Services services;
  private final VolumeRegistry registry;
  private final MachineRecords records;
  private final Plugs plugs;

  DiskCreation(Services services, MachineRecords records, Plugs plugs) {
    this.services = services;
    this.registry = services.registry();
    this.records = records;
    this.plugs = plugs;
  }

  /** Creates and attaches the volume. An existing one must already be attached as requested. */
  CreateResult create(VolumeRequest request, AttachRequest attach) {
    registry.openForWriting();
    records.requireUsable(attach.machine());
    try (var _ = registry.lock().lockContainer(attach.machine().text())) {
      if (registry.find(request.name()).isEmpty()) {
        // Detects a drive that is taken before a large disk is copied.
        var _ = records.make(attach, List.of());
      }
      CreateResult result =
          new Volumes(services).create(request, (made, home) -> attach(made, home, attach));
      if (result.existed()) {
        requireAttached(request.name(), attach);
      }
      return result;
    } catch (VolumeException e) {
      withdraw(request.name(), attach.machine(), e);
      throw e;
    }
  }

  private void attach(Volume volume, VolumeHome staged, AttachRequest attach) {
    MachineDisk disk = plugs.disk("attach", volume, staged);
    Plugs.refuseBuilt(attach, disk);
    List<String> files =
        plugs.files(volume, disk, staged).stream()
            .map(file -> published(file, staged, volume.name()))
            .toList();
    Attachment.Disk record = records.make(attach, files);
    records.announce(attach.machine(), volume.name());
    services.attachments().add(volume.name(), staged, record);
  }

  private String published(Path file, VolumeHome staged, VolumeName name) {
    Path stage = staged.path().toAbsolutePath();
    Path home = registry.layout().places().around(staged.path()).home(name).path().toAbsolutePath();
    return (file.startsWith(stage) ? home.resolve(stage.relativize(file)) : file).toString();
  }

  private void requireAttached(VolumeName name, AttachRequest attach) {
    if (records.find(name, attach.machine()).filter(attach::isMetBy).isEmpty()) {
      throw new AttachRefused(
          name.text(),
          "the volume already exists and is not attached in this way; `keg attach` attaches it");
    }
  }

  private void withdraw(VolumeName name, MachineId machine, VolumeException failure) {
    try (var _ = registry.lock().lockContainer(machine.text())) {
      if (records.find(name, machine).isEmpty()) {
        records.withdraw(machine, name);
      }
    } catch (VolumeException e) {
      failure.addSuppressed(e);
    }
  }
}
