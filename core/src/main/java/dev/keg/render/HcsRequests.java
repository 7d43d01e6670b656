package dev.keg.render;

import static dev.keg.render.JsonText.ifTrue;
import static dev.keg.render.JsonText.member;
import static dev.keg.render.JsonText.unlessZero;

import dev.keg.render.HcsDevice.ContainerPipe;
import dev.keg.render.HcsDevice.Directory;
import dev.keg.render.HcsDevice.MachinePipe;
import dev.keg.render.HcsDevice.Plan9;
import dev.keg.render.HcsDevice.Scsi;
import dev.keg.render.HcsDevice.Smb;
import dev.keg.render.JsonText.Body;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code ModifySettingRequest}s, to be sent one after the other to a system that runs. Those that
 * remove are in the opposite order of those that add: what a machine's agent has mounted goes
 * first.
 */
public final class HcsRequests {
  /** What is asked for. */
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

  /** Each request on one line, which ends. */
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
          request("VirtualMachine/Devices/MappedPipes/" + pipe.path(), Body.NONE);
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
        // Windows notices by itself that a disk is gone.
        if (target.agent() && target.isLinux()) {
          send(guest("SCSIDevice", controller(disk).and(lun(disk))));
        }
        request(path, Body.NONE);
      }
    }
  }

  private void mount(Scsi disk) {
    if (target.agent()) {
      disk.target().ifPresent(place -> send(guest("MappedVirtualDisk", mounted(disk, place))));
    }
  }

  private Body mounted(Scsi disk, String place) {
    return target.isLinux()
        ? member("MountPath", place)
            .and(lun(disk))
            .and(controller(disk))
            .and(ifTrue("ReadOnly", disk.readOnly()))
        : member("ContainerPath", place).and(lun(disk));
  }

  private static Body lun(Scsi disk) {
    return unlessZero("Lun", disk.address().lun());
  }

  private static Body controller(Scsi disk) {
    return unlessZero("Controller", disk.address().controller());
  }

  private void addPlan9(Plan9 share) {
    Body settings =
        switch (type) {
          case ADD -> HcsSettings.plan9(share);
          case REMOVE -> HcsSettings.plan9Name(share).and(member("Port", Plan9.PORT));
        };
    Body mounted =
        member("MountPath", share.target())
            .and(member("Port", Plan9.PORT))
            .and(member("ShareName", share.name()))
            .and(ifTrue("ReadOnly", share.readOnly() && type == Type.ADD));
    request(
        "VirtualMachine/Devices/Plan9/Shares",
        settings(settings).and(target.agent() ? guest("MappedDirectory", mounted) : Body.NONE));
  }

  private void addSmb(Smb share) {
    Body settings =
        switch (type) {
          case ADD -> HcsSettings.smb(share);
          case REMOVE -> member("Name", share.name());
        };
    Body request = resource("VirtualMachine/Devices/VirtualSmb/Shares", settings(settings));
    if (!target.agent() || !target.isMachine()) {
      send(request);
      return;
    }
    Directory directory = new Directory(share.guestPath(), share.target(), share.readOnly());
    Body mount = guest("MappedDirectory", HcsSettings.directory(directory));
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

  private static Body settings(Body settings) {
    return member("Settings", settings);
  }

  // The word of an agent in the machine, as part of a request or as all of one.
  private Body guest(String resource, Body settings) {
    return member(
        "GuestRequest",
        member("ResourceType", resource)
            .and(member("RequestType", type.word))
            .and(settings(settings)));
  }

  private void request(String path, Body members) {
    send(resource(path, members));
  }

  private Body resource(String path, Body members) {
    return member("ResourcePath", path).and(member("RequestType", type.word)).and(members);
  }

  private void send(Body request) {
    requests.add(JsonText.line(request));
  }
}
