package dev.keg.attachment;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A holder of a volume. */
public sealed interface Attachment {
  /** The container or machine; for a mount made by hand, its target. */
  String holder();

  boolean readOnly();

  Instant since();

  /** Compares for an order that begins with the oldest. */
  default int compareAge(Attachment other) {
    int age = since().compareTo(other.since());
    return age == 0 ? holder().compareTo(other.holder()) : age;
  }

  /** Whether the other is a mount of the same holder at the same place, whenever it was made. */
  default boolean isSameHold(Mount other) {
    return this instanceof Mount mount
        && mount.host().equals(other.host())
        && mount.container().equals(other.container())
        && mount.target().equals(other.target());
  }

  /**
   * A mount at a directory of a host. It is void after the host reboots.
   *
   * @param container the container that it is for; empty if it was made by hand
   * @param exclusive whether it excludes other writers
   * @param engine identifies the process that requested it, if that process requests it again
   *     whenever it needs the volume, so that the mount is void once the process has ended; see
   *     {@link MountTable#hasEnded}
   */
  record Mount(
      String container,
      String target,
      boolean readOnly,
      boolean exclusive,
      Instant since,
      String host,
      String boot,
      Optional<String> engine)
      implements Attachment {
    public Mount(
        String container,
        String target,
        boolean readOnly,
        boolean exclusive,
        Instant since,
        String host,
        String boot) {
      this(container, target, readOnly, exclusive, since, host, boot, Optional.empty());
    }

    @Override
    public String holder() {
      return container.isEmpty() ? target : container;
    }

    /** The same mount, requested by that engine. */
    public Mount askedBy(Optional<String> process) {
      return new Mount(container, target, readOnly, exclusive, since, host, boot, process);
    }

    Mount movedTo(String place) {
      return new Mount(container, place, readOnly, exclusive, since, host, boot, engine);
    }
  }

  /**
   * A disk attached to a virtual machine. It stays attached across reboots until it is detached.
   *
   * @param placement empty in records of older versions
   */
  record Disk(
      String machine, String drive, boolean readOnly, Instant since, Optional<Placement> placement)
      implements Attachment {
    public Disk(String machine, String drive, boolean readOnly, Instant since) {
      this(machine, drive, readOnly, since, Optional.empty());
    }

    @Override
    public String holder() {
      return machine;
    }
  }

  /**
   * The place of a disk in a machine, recorded so that detaching finds it.
   *
   * @param slot the place at the machine's disk controllers, counted over all of them
   * @param files the files that the machine reads: the disk itself and the disks that it is built
   *     on
   */
  record Placement(int slot, List<String> files) {
    public Placement {
      files = List.copyOf(files);
    }
  }
}
