package dev.keg.render.hcs;

import dev.keg.machine.DriveId;
import dev.keg.machine.Placements;
import dev.keg.render.document.Part;
import dev.keg.render.document.Vocabulary;
import dev.keg.render.hcs.HcsDevice.Address;
import dev.keg.render.hcs.HcsDevice.ContainerPipe;
import dev.keg.render.hcs.HcsDevice.Directory;
import dev.keg.render.hcs.HcsDevice.MachinePipe;
import dev.keg.render.hcs.HcsDevice.Plan9;
import dev.keg.render.hcs.HcsDevice.Scsi;
import dev.keg.render.hcs.HcsDevice.Smb;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Assigns names and numbers to the parts of a set, always the same ones for the same set, so that a
 * later request removes what an earlier one added.
 */
final class HcsDevices {
  private static final Vocabulary WORDS = Vocabulary.of("hcs");

  private final HcsTarget target;
  private final List<HcsDevice> devices = new ArrayList<>();
  private final Set<Integer> disks = new HashSet<>();
  private int shares;

  private HcsDevices(HcsTarget target) {
    this.target = target;
  }

  static List<HcsDevice> of(List<Part> parts, HcsTarget target) {
    HcsDevices devices = new HcsDevices(target);
    parts.stream()
        .filter(Part.Disk.class::isInstance)
        .map(Part.Disk.class::cast)
        .flatMapToInt(disk -> disk.image().slot().stream())
        .forEach(devices.disks::add);
    parts.forEach(devices::add);
    return List.copyOf(devices.devices);
  }

  private void add(Part part) {
    if (part instanceof Part.Memory && target.isLinux()) {
      return; // The machine's own kernel mounts memory.
    }
    WORDS.check(part);
    switch (part) {
      case Part.Disk disk -> devices.add(disk(disk));
      case Part.Tree tree -> addTree(tree);
      case Part.Pipe pipe -> addPipe(pipe);
      case Part.Memory memory -> throw WORDS.refused(memory, "windows does not support tmpfs");
    }
  }

  private Scsi disk(Part.Disk disk) {
    if (!target.isMachine()) {
      throw WORDS.refused(disk, "a container has no disks");
    }
    Address address = Address.of(number(disk));
    if (target.agent() && !target.isLinux() && address.controller() != 0) {
      throw WORDS.refused(disk, "the agent in Windows mounts disks of the first controller only");
    }
    return new Scsi(
        address,
        type(disk),
        disk.image().file(),
        disk.access().readOnly(),
        disk.target().filter(this::isGuests).orElse(null));
  }

  // The default mount point of a disk is below /mnt, which does not exist in Windows.
  private boolean isGuests(String path) {
    return target.isLinux() == path.startsWith("/");
  }

  // A disk keeps the place recorded with its attachment. Without a record, the place follows from
  // its drive id, which stays the same when other disks come and go.
  private int number(Part.Disk disk) {
    OptionalInt recorded = disk.image().slot();
    int number = recorded.orElse(new DriveId(disk.image().drive()).position().orElse(0));
    while (recorded.isEmpty() && disks.contains(number)) {
      number++;
    }
    if (number >= Placements.SLOTS) {
      throw WORDS.refused(disk, "a machine has room for %d disks".formatted(Placements.SLOTS));
    }
    disks.add(number);
    return number;
  }

  private static String type(Part.Disk disk) {
    return switch (disk.image().format()) {
      case "vhd", "vhdx" -> "VirtualDisk";
      case "iso" -> "Iso";
      default ->
          throw WORDS.refused(
              disk, "Hyper-V supports vhd and vhdx, and this disk is " + disk.image().format());
    };
  }

  private void addTree(Part.Tree tree) {
    boolean readOnly = tree.access().readOnly();
    if (target.role() == HcsTarget.Role.CONTAINER) {
      devices.add(new Directory(tree.source(), tree.target(), readOnly));
    } else if (target.isLinux()) {
      devices.add(plan9(tree));
    } else {
      Smb share = smb(tree);
      devices.add(share);
      if (!target.isMachine()) {
        devices.add(new Directory(share.guestPath(), tree.target(), readOnly));
      }
    }
  }

  private Plan9 plan9(Part.Tree tree) {
    if (target.agent() && !tree.directory()) {
      throw WORDS.refused(tree, "the agent mounts only directories, and this is a file");
    }
    return new Plan9(
        Integer.toString(shares++),
        tree.directory() ? tree.source() : WindowsText.directory(tree.source()),
        tree.directory() ? null : WindowsText.name(tree.source()),
        tree.access().readOnly(),
        tree.target());
  }

  private Smb smb(Part.Tree tree) {
    return new Smb(
        "s" + Integer.toHexString(++shares),
        tree.directory() ? tree.source() : WindowsText.directory(tree.source()),
        tree.directory() ? null : tree.source(),
        tree.access().readOnly(),
        tree.target());
  }

  private void addPipe(Part.Pipe pipe) {
    if (target.isLinux()) {
      throw WORDS.refused(pipe, "Linux does not support Windows named pipes");
    }
    String name = ContainerPipe.name(pipe.target());
    switch (target.role()) {
      case CONTAINER -> devices.add(new ContainerPipe(pipe.source(), name));
      case MACHINE -> devices.add(new MachinePipe(pipe.source()));
      case ISOLATED_CONTAINER -> {
        devices.add(new MachinePipe(pipe.source()));
        String inMachine = Smb.ROOT + "IPC$\\" + ContainerPipe.name(pipe.source());
        devices.add(new ContainerPipe(inMachine, name));
      }
    }
  }
}
