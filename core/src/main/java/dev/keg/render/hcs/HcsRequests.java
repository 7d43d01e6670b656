package dev.keg.render.hcs;

import dev.keg.json.JsonObject;
import dev.keg.render.document.Part;
import dev.keg.render.hcs.HcsDevice.ContainerPipe;
import dev.keg.render.hcs.HcsDevice.Directory;
import dev.keg.render.hcs.HcsDevice.MachinePipe;
import dev.keg.render.hcs.HcsDevice.Plan9;
import dev.keg.render.hcs.HcsDevice.Scsi;
import dev.keg.render.hcs.HcsDevice.Smb;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code ModifySettingRequest}s for a running system, to be sent in order. Requests to remove come
 * in the opposite order of those to add: mounts of the machine's agent go first.
 */
public final class HcsRequests {
  /** The type of a request. */
  public enum Type {
    ADD("Add"),
    REMOVE("Remove");

    private final String word;

    Type(String word) {
      this.word = word;
    }
  }

  private final Type type;
  private final HcsTarget target;
  private final List<String> requests = new ArrayList<>();

  private HcsRequests(Type type, HcsTarget target) {
    this.type = type;
    this.target = target;
  }

  /** Each request on one line with a newline. */
  public static List<String> of(Type type, List<Part> parts, HcsTarget target) {
    HcsRequests requests = new HcsRequests(type, target);
    List<HcsDevice> devices = HcsDevices.of(parts, target);
    (type == Type.ADD ? devices : devices.reversed()).forEach(requests::add);
    return List.copyOf(requests.requests);
  }

  private void add(HcsDevice device) {
    switch (device) {
      case Scsi disk -> addDisk(disk);
      case Plan9 share -> addPlan9(share);
      case Smb share -> addSmb(share);
      case Directory directory ->
          request("Container/MappedDirectories", settings(HcsSettings.directory(directory)));
      case ContainerPipe pipe -> request("Container/MappedPipes", settings(HcsSettings.pipe(pipe)));
      case MachinePipe pipe ->
          request("VirtualMachine/Devices/MappedPipes/" + pipe.path(), new JsonObject());
    }
  }

  private void addDisk(Scsi disk) {
    String path =
        "VirtualMachine/Devices/Scsi/%s/Attachments/%d"
            .formatted(disk.address().guid(), disk.address().lun());
    switch (type) {
      case ADD -> {
        request(path, settings(HcsSettings.disk(disk)));
        mount(disk);
      }
      case REMOVE -> {
        mount(disk);
        // Windows detects the removal of a disk.
        if (target.agent() && target.isLinux()) {
          send(guest("SCSIDevice", controller(disk).and(lun(disk))));
        }
        request(path, new JsonObject());
      }
    }
  }

  private void mount(Scsi disk) {
    if (target.agent()) {
      disk.target().ifPresent(place -> send(guest("MappedVirtualDisk", mounted(disk, place))));
    }
  }

  private JsonObject mounted(Scsi disk, String place) {
    return target.isLinux()
        ? new JsonObject()
            .put("MountPath", place)
            .and(lun(disk))
            .and(controller(disk))
            .ifTrue("ReadOnly", disk.readOnly())
        : new JsonObject().put("ContainerPath", place).and(lun(disk));
  }

  private static JsonObject lun(Scsi disk) {
    return new JsonObject().unlessZero("Lun", disk.address().lun());
  }

  private static JsonObject controller(Scsi disk) {
    return new JsonObject().unlessZero("Controller", disk.address().controller());
  }

  private void addPlan9(Plan9 share) {
    JsonObject settings =
        switch (type) {
          case ADD -> HcsSettings.plan9(share);
          case REMOVE -> HcsSettings.plan9Name(share).put("Port", Plan9.PORT);
        };
    JsonObject mounted =
        new JsonObject()
            .put("MountPath", share.target())
            .put("Port", Plan9.PORT)
            .put("ShareName", share.name())
            .ifTrue("ReadOnly", share.readOnly() && type == Type.ADD);
    request(
        "VirtualMachine/Devices/Plan9/Shares",
        settings(settings)
            .and(target.agent() ? guest("MappedDirectory", mounted) : new JsonObject()));
  }

  private void addSmb(Smb share) {
    JsonObject settings =
        switch (type) {
          case ADD -> HcsSettings.smb(share);
          case REMOVE -> new JsonObject().put("Name", share.name());
        };
    JsonObject request = resource("VirtualMachine/Devices/VirtualSmb/Shares", settings(settings));
    if (!target.agent() || !target.isMachine()) {
      send(request);
      return;
    }
    Directory directory = new Directory(share.guestPath(), share.target(), share.readOnly());
    JsonObject mount = guest("MappedDirectory", HcsSettings.directory(directory));
    switch (type) {
      case ADD -> {
        send(request);
        send(mount);
      }
      case REMOVE -> {
        send(mount);
        send(request);
      }
    }
  }

  private static JsonObject settings(JsonObject settings) {
    return new JsonObject().put("Settings", settings);
  }

  // The settings for an agent in the machine, as part of a request or as a whole request.
  private JsonObject guest(String resource, JsonObject settings) {
    return new JsonObject()
        .put(
            "GuestRequest",
            new JsonObject()
                .put("ResourceType", resource)
                .put("RequestType", type.word)
                .and(settings(settings)));
  }

  private void request(String path, JsonObject members) {
    send(resource(path, members));
  }

  private JsonObject resource(String path, JsonObject members) {
    return new JsonObject().put("ResourcePath", path).put("RequestType", type.word).and(members);
  }

  private void send(JsonObject request) {
    requests.add(request.line());
  }
}
