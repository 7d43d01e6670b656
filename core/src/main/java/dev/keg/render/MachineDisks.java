package dev.keg.render;

import dev.keg.attachment.Attachment;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.content.DataPartition;
import dev.keg.disk.content.FileSystemUuid;
import dev.keg.driver.Renders;
import dev.keg.driver.Renders.MachineDisk;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.machine.DriveId;
import dev.keg.machine.MachineId;
import dev.keg.machine.Machines;
import dev.keg.mountspec.Access;
import dev.keg.mountspec.MountSpec;
import dev.keg.render.document.Part;
import dev.keg.volume.Volume;
import dev.keg.volumeset.MountContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Volumes as disks of machines. */
final class MachineDisks {
  private static final Set<String> KNOWN = Set.of("ext4", "xfs", "btrfs", "none");

  private final MountContext context;

  MachineDisks(MountContext context) {
    this.context = context;
  }

  /** A volume and the record of its attachment. */
  record Attached(Volume volume, Attachment.Disk attachment) {}

  /** The disks of the machine in the order of attachment. */
  List<Attached> of(MachineId machine) {
    return new Machines(context.services())
        .disks(machine).stream()
            .map(
                held ->
                    new Attached(
                        context.registry().get("render", held.volume()), held.attachment()))
            .toList();
  }

  /** Whether the volume is a disk; other volumes are directories. */
  boolean isDisk(Volume volume) {
    return renders(volume).isPresent();
  }

  private Optional<Renders> renders(Volume volume) {
    return context.services().driver("render", volume) instanceof Renders renders
        ? Optional.of(renders)
        : Optional.empty();
  }

  /**
   * The volume as a machine's disk.
   *
   * @param wanted how the machine mounts it; by default below {@code /mnt}
   */
  Part.Disk disk(Volume volume, String drive, boolean readOnly, MountSpec.@Nullable Named wanted) {
    String name = volume.name().text();
    MachineDisk disk =
        renders(volume)
            .orElseThrow(() -> new NotSupported("render", name, "it is not a disk"))
            .machineDisk(volume, context.registry().layout().home(volume.name()));
    Access access = wanted == null ? Access.DEFAULT : wanted.access();
    String fileSystem = fileSystem(volume);
    return new Part.Disk(
        new Part.Image(
            name,
            drive,
            OptionalInt.empty(),
            disk.file().toString(),
            disk.format(),
            fileSystem,
            look(disk, FileSystemUuid::find).orElse(null),
            look(disk, (file, format) -> Optional.of(DataPartition.isOn(file, format)))
                .orElse(false),
            disk.keyFile().map(Path::toString)),
        place(name, drive, fileSystem, wanted),
        access.withReadOnly(access.readOnly() || readOnly || disk.readOnly()));
  }

  /** An attached disk, at its recorded place. */
  Part.Disk disk(Attached attached, MountSpec.@Nullable Named wanted) {
    Attachment.Disk held = attached.attachment();
    Part.Disk disk = disk(attached.volume(), held.drive(), held.readOnly(), wanted);
    return held.placement().map(placement -> disk.at(placement.slot())).orElse(disk);
  }

  // A missing or damaged disk is identified by its volume; the program that starts the machine
  // reports the error.
  private static <T> Optional<T> look(MachineDisk disk, Lookup<T> lookup) {
    return DiskFormat.ofWord(disk.format())
        .flatMap(
            format -> {
              try {
                return lookup.at(disk.file(), format);
              } catch (IOException _) {
                return Optional.empty();
              }
            });
  }

  /** Finds something on a disk. */
  private interface Lookup<T> {
    Optional<T> at(Path file, DiskFormat format) throws IOException;
  }

  private static @Nullable String place(
      String name, String drive, String fileSystem, MountSpec.@Nullable Named wanted) {
    if (drive.equals(DriveId.ROOT)) {
      if (wanted != null) {
        throw new NotSupported(
            "render", name, "the machine starts from it and mounts it as its root");
      }
      return null;
    }
    if (wanted != null) {
      if (!wanted.subpath().isEmpty()) {
        throw new NotSupported("render", name, "a machine mounts a whole disk, not a subpath");
      }
      return wanted.target();
    }
    return fileSystem.equals("none") ? null : "/mnt/" + name;
  }

  // The machine detects file systems that Keg did not make, and which NTFS driver it has.
  private static String fileSystem(Volume volume) {
    String asked = volume.options().text("fs").orElse("auto");
    return KNOWN.contains(asked) ? asked : "auto";
  }
}
