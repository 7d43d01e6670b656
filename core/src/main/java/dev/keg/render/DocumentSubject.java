package dev.keg.render;

import dev.keg.machine.DriveId;
import dev.keg.mountspec.MountSpec;
import dev.keg.volumeset.ContainerId;
import java.util.List;

/** What a document is about. */
public sealed interface DocumentSubject {
  /**
   * Requested mounts.
   *
   * @param firstDrive the name of the first of these disks; disks before it are the machine's own
   * @param ofMachine whether they are for a machine; a disk among them implies that
   */
  record Wanted(List<MountSpec> mounts, DriveId firstDrive, boolean ofMachine)
      implements DocumentSubject {
    public Wanted {
      mounts = List.copyOf(mounts);
    }
  }

  /** The existing mounts of a container. */
  record Container(ContainerId id) implements DocumentSubject {}

  /**
   * The attached disks of a machine.
   *
   * @param mounts where the machine mounts the disks, and its other mounts
   */
  record Machine(String id, List<MountSpec> mounts) implements DocumentSubject {
    public Machine {
      mounts = List.copyOf(mounts);
    }
  }
}
