package dev.keg.render;

import dev.keg.machine.DriveId;
import dev.keg.mountspec.MountSpec;
import dev.keg.volumeset.ContainerId;
import java.util.List;

/** What a document is about. */
public sealed interface DocumentSubject {
  /**
   * Mounts that somebody wants.
   *
   * @param firstDrive what a machine's first disk of these is called; those before it are its own
   */
  record Wanted(List<MountSpec> mounts, DriveId firstDrive) implements DocumentSubject {
    public Wanted {
      mounts = List.copyOf(mounts);
    }
  }

  /** What is mounted for a container. */
  record Container(ContainerId id) implements DocumentSubject {}

  /**
   * What is attached to a machine.
   *
   * @param mounts where the machine mounts it, and what else it gets
   */
  record Machine(String id, List<MountSpec> mounts) implements DocumentSubject {
    public Machine {
      mounts = List.copyOf(mounts);
    }
  }
}
