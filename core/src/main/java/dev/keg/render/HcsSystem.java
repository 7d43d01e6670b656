package dev.keg.render;

import static dev.keg.render.JsonText.member;
import static dev.keg.render.JsonText.objects;

import dev.keg.render.HcsDevice.ContainerPipe;
import dev.keg.render.HcsDevice.Directory;
import dev.keg.render.HcsDevice.MachinePipe;
import dev.keg.render.HcsDevice.Plan9;
import dev.keg.render.HcsDevice.Scsi;
import dev.keg.render.HcsDevice.Smb;
import dev.keg.render.JsonText.Body;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a document that makes a machine or a container says of its volumes; the rest of it is for
 * whoever makes it.
 */
public final class HcsSystem {
  private final SortedMap<Integer, List<Scsi>> disks = new TreeMap<>();
  private final List<Body> plan9 = new ArrayList<>();
  private final List<Body> smb = new ArrayList<>();
  private final List<Body> directories = new ArrayList<>();
  private final List<Body> pipes = new ArrayList<>();

  private HcsSystem(HcsTarget target, List<HcsDevice> devices) {
    devices.forEach(device -> add(target, device));
  }

  public static String of(List<Part> parts, HcsTarget target) {
    HcsSystem system = new HcsSystem(target, HcsDevices.of(parts, target));
    Body version = member("SchemaVersion", member("Major", 2).and(member("Minor", 1)));
    return JsonText.pretty(version.and(system.machine()).and(system.container()));
  }

  private void add(HcsTarget target, HcsDevice device) {
    switch (device) {
      case Scsi disk ->
          disks.computeIfAbsent(disk.address().controller(), _ -> new ArrayList<>()).add(disk);
      case Plan9 share -> plan9.add(HcsSettings.plan9(share));
      case Smb share -> smb.add(HcsSettings.smb(share));
      case Directory directory -> directories.add(HcsSettings.directory(directory));
      case ContainerPipe pipe -> pipes.add(HcsSettings.pipe(pipe));
      case MachinePipe pipe -> requireContainer(target, pipe);
    }
  }

  // A machine of a container's own gets the pipe together with the container.
  private static void requireContainer(HcsTarget target, MachinePipe pipe) {
    if (target.isMachine()) {
      throw Vocabulary.of("hcs")
          .refused(
              new Part.Pipe(pipe.path(), pipe.path()),
              "a pipe is added to a machine that runs; --request add prints that");
    }
  }

  private Body machine() {
    Body devices = Body.NONE;
    if (!disks.isEmpty()) {
      devices = devices.and(member("Scsi", controllers()));
    }
    if (!plan9.isEmpty()) {
      devices = devices.and(member("Plan9", objects("Shares", plan9)));
    }
    if (!smb.isEmpty()) {
      devices = devices.and(member("VirtualSmb", objects("Shares", smb)));
    }
    return disks.isEmpty() && plan9.isEmpty() && smb.isEmpty()
        ? Body.NONE
        : member("VirtualMachine", member("Devices", devices));
  }

  private Body controllers() {
    Body controllers = Body.NONE;
    for (List<Scsi> attached : disks.values()) {
      Body attachments = Body.NONE;
      for (Scsi disk : attached) {
        String lun = Integer.toString(disk.address().lun());
        attachments = attachments.and(member(lun, HcsSettings.disk(disk)));
      }
      controllers =
          controllers.and(
              member(attached.getFirst().address().guid(), member("Attachments", attachments)));
    }
    return controllers;
  }

  private Body container() {
    Body container = Body.NONE;
    if (!directories.isEmpty()) {
      container = container.and(objects("MappedDirectories", directories));
    }
    if (!pipes.isEmpty()) {
      container = container.and(objects("MappedPipes", pipes));
    }
    return directories.isEmpty() && pipes.isEmpty() ? Body.NONE : member("Container", container);
  }
}
