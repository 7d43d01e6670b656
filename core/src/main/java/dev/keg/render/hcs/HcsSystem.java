package dev.keg.render.hcs;

import dev.keg.json.JsonObject;
import dev.keg.render.document.Part;
import dev.keg.render.document.Vocabulary;
import dev.keg.render.hcs.HcsDevice.ContainerPipe;
import dev.keg.render.hcs.HcsDevice.Directory;
import dev.keg.render.hcs.HcsDevice.MachinePipe;
import dev.keg.render.hcs.HcsDevice.Plan9;
import dev.keg.render.hcs.HcsDevice.Scsi;
import dev.keg.render.hcs.HcsDevice.Smb;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The part of a document for a new machine or container that describes its volumes; the caller adds
 * the rest.
 */
public final class HcsSystem {
  private final SortedMap<Integer, List<Scsi>> disks = new TreeMap<>();
  private final List<JsonObject> plan9 = new ArrayList<>();
  private final List<JsonObject> smb = new ArrayList<>();
  private final List<JsonObject> directories = new ArrayList<>();
  private final List<JsonObject> pipes = new ArrayList<>();

  private HcsSystem(HcsTarget target, List<HcsDevice> devices) {
    devices.forEach(device -> add(target, device));
  }

  public static String of(List<Part> parts, HcsTarget target) {
    HcsSystem system = new HcsSystem(target, HcsDevices.of(parts, target));
    JsonObject version =
        new JsonObject().put("SchemaVersion", new JsonObject().put("Major", 2).put("Minor", 1));
    return version.and(system.machine()).and(system.container()).pretty();
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

  // The machine of an isolated container gets the pipe together with the container.
  private static void requireContainer(HcsTarget target, MachinePipe pipe) {
    if (target.isMachine()) {
      throw Vocabulary.of("hcs")
          .refused(
              new Part.Pipe(pipe.path(), pipe.path()),
              "a pipe can only be added to a running machine, with --request add");
    }
  }

  private JsonObject machine() {
    JsonObject devices = new JsonObject();
    if (!disks.isEmpty()) {
      devices.put("Scsi", controllers());
    }
    if (!plan9.isEmpty()) {
      devices.put("Plan9", new JsonObject().objects("Shares", plan9));
    }
    if (!smb.isEmpty()) {
      devices.put("VirtualSmb", new JsonObject().objects("Shares", smb));
    }
    return disks.isEmpty() && plan9.isEmpty() && smb.isEmpty()
        ? new JsonObject()
        : new JsonObject().put("VirtualMachine", new JsonObject().put("Devices", devices));
  }

  private JsonObject controllers() {
    JsonObject controllers = new JsonObject();
    for (List<Scsi> attached : disks.values()) {
      JsonObject attachments = new JsonObject();
      for (Scsi disk : attached) {
        String lun = Integer.toString(disk.address().lun());
        attachments.put(lun, HcsSettings.disk(disk));
      }
      controllers.put(
          attached.getFirst().address().guid(), new JsonObject().put("Attachments", attachments));
    }
    return controllers;
  }

  private JsonObject container() {
    JsonObject container = new JsonObject();
    if (!directories.isEmpty()) {
      container.objects("MappedDirectories", directories);
    }
    if (!pipes.isEmpty()) {
      container.objects("MappedPipes", pipes);
    }
    return directories.isEmpty() && pipes.isEmpty()
        ? new JsonObject()
        : new JsonObject().put("Container", container);
  }
}
