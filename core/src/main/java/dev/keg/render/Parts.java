package dev.keg.render;

import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.error.RegistryException.NameTaken;
import dev.keg.error.RegistryException.NotFound;
import dev.keg.machine.DriveId;
import dev.keg.machine.MachineId;
import dev.keg.mountspec.Access;
import dev.keg.mountspec.HostFacts;
import dev.keg.mountspec.MountSpec;
import dev.keg.mountspec.WantedVolume;
import dev.keg.render.MachineDisks.Attached;
import dev.keg.render.document.Part;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import dev.keg.volumeset.ContainerId;
import dev.keg.volumeset.ContainerMounts;
import dev.keg.volumeset.MountContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the parts for a document. Reads only: a missing volume is not created. */
public final class Parts {
  private final MountContext context;
  private final HostFacts files;
  private final VolumeTrees trees;
  private final MachineDisks disks;

  public Parts(MountContext context, HostFacts files) {
    this.context = context;
    this.files = files;
    this.trees = new VolumeTrees(context);
    this.disks = new MachineDisks(context);
  }

  /** The parts for a container: for each volume, the directory in which this host sees its data. */
  public List<Part> ofContainer(List<MountSpec> specs) {
    return parts(specs, false);
  }

  /** The parts for this host, which mounts them at boot. */
  public List<Part> ofHost(List<MountSpec> specs) {
    return parts(specs, true);
  }

  // Parents before children, since the reader mounts them in this order.
  private List<Part> parts(List<MountSpec> specs, boolean atBoot) {
    return specs.stream().sorted(MountSpec.PARENTS_FIRST).map(spec -> part(spec, atBoot)).toList();
  }

  /** The existing mounts of a container, from their sites. */
  public List<Part> ofContainer(ContainerId container) {
    List<Part> parts = new ArrayList<>();
    for (ContainerMounts.Mounted mount : ContainerMounts.of(context, container).entries()) {
      Access access = Access.DEFAULT.withReadOnly(mount.readOnly());
      parts.add(tree(mount.site().toString(), mount.target(), access));
    }
    return parts;
  }

  /** Whether any of the volumes is a disk, which only a machine can have. */
  public boolean anyDisk(List<MountSpec> specs) {
    return specs.stream()
        .anyMatch(spec -> spec instanceof MountSpec.Named named && disks.isDisk(volume(named)));
  }

  /** The parts for a machine: volumes that are disks in their order, then the rest. */
  public List<Part> ofMachine(List<MountSpec> specs, DriveId first) {
    Split split = split(specs);
    Set<DriveId> taken = new HashSet<>();
    List<Part> parts = new ArrayList<>();
    split.disks.forEach(
        (volume, spec) -> {
          DriveId drive = DriveId.next(taken, first);
          taken.add(drive);
          parts.add(disks.disk(volume, drive.text(), false, spec));
        });
    parts.addAll(split.rest);
    return parts;
  }

  /**
   * The attached disks of a machine and its other parts. The spec of an attached disk says where
   * and how the machine mounts it. A disk that is not attached to this machine is refused, since
   * another one may write to it.
   */
  public List<Part> ofMachine(String machine, List<MountSpec> specs) {
    List<Attached> attached = disks.of(new MachineId(machine));
    if (attached.isEmpty() && specs.isEmpty()) {
      throw new MountFailed(
          "render", machine, "nothing is attached to this machine", "`keg attach` attaches disks");
    }
    Split split = split(specs);
    List<Part> parts = new ArrayList<>();
    for (Attached one : attached) {
      parts.add(disks.disk(one, split.disks.remove(one.volume())));
    }
    split.disks.keySet().stream().findFirst().ifPresent(volume -> refuse(volume.name(), machine));
    parts.addAll(split.rest);
    return parts;
  }

  /** The specs of volumes that are disks, and the parts of the others. */
  private record Split(Map<Volume, MountSpec.Named> disks, List<Part> rest) {}

  private Split split(List<MountSpec> specs) {
    Split split = new Split(new LinkedHashMap<>(), new ArrayList<>());
    for (MountSpec spec : specs) {
      if (spec instanceof MountSpec.Named named && disks.isDisk(volume(named))) {
        if (split.disks.put(volume(named), named) != null) {
          throw new NotSupported(
              "render", volume(named).name().text(), "a machine mounts a disk in only one place");
        }
      } else {
        split.rest.add(part(spec, false));
      }
    }
    return split;
  }

  private static void refuse(VolumeName name, String machine) {
    throw new MountFailed(
        "render",
        name.text(),
        "it is not attached to " + machine,
        "`keg attach %s %s` attaches it".formatted(name, machine));
  }

  private Part part(MountSpec spec, boolean atBoot) {
    return switch (spec) {
      case MountSpec.Named named -> trees.of(named, volume(named), atBoot);
      case MountSpec.Bind bind -> tree(bind.source(), bind.target(), bind.access());
      case MountSpec.Snapshot snapshot ->
          throw new NotSupported(
              "render",
              snapshot.source().toString(),
              "a document cannot name a snapshot; mount it, and name the directory");
      case MountSpec.Tmpfs tmpfs ->
          new Part.Memory(tmpfs.target(), tmpfs.options(), tmpfs.access());
      case MountSpec.NamedPipe pipe -> new Part.Pipe(pipe.source(), pipe.target());
    };
  }

  private Part.Tree tree(String source, String target, Access access) {
    return switch (files.kind(source)) {
      case MISSING ->
          throw new InvalidSpec(
              "bind source path does not exist: " + source,
              "create it first; printing a document creates nothing");
      case DIRECTORY -> new Part.Tree(source, true, target, access);
      case OTHER -> new Part.Tree(source, false, target, access);
    };
  }

  private static String creation(VolumeName name, WantedVolume wanted) {
    StringBuilder command = new StringBuilder("create it first: keg create");
    wanted.driver().ifPresent(driver -> command.append(" -d ").append(driver));
    wanted.options().map().forEach((key, value) -> command.append(option(key, value)));
    return command.append(' ').append(name.text()).toString();
  }

  // Other options may be secret.
  private static String option(String key, String value) {
    return Set.of("format", "fs", "size").contains(key)
        ? " -o %s=%s".formatted(key, value)
        : " -o %s=...".formatted(key);
  }

  private Volume volume(MountSpec.Named spec) {
    WantedVolume wanted = spec.volume();
    VolumeName name =
        wanted
            .name()
            .orElseThrow(
                () ->
                    new InvalidSpec(
                        "an anonymous volume is created when it is mounted, so a document cannot"
                            + " name it",
                        "give it a name: NAME:" + spec.target()));
    context.registry().openForReading();
    Volume volume =
        context
            .registry()
            .ids()
            .nameOf(name.text())
            .flatMap(context.registry()::find)
            .orElseThrow(() -> new NotFound("render", name.text(), creation(name, wanted)));
    wanted
        .driver()
        .filter(driver -> !driver.equals(volume.driver()))
        .ifPresent(
            _ -> {
              throw new NameTaken(name.text(), volume.driver());
            });
    return volume;
  }
}
