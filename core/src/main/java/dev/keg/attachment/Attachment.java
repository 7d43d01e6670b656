package dev.keg.attachment;

import java.time.Instant;

/** A holder of a volume. */
public sealed interface Attachment {
  /** The container or machine; for a mount made by hand, its target. */
  String holder();

  boolean readOnly();

  Instant since();

  /** Whether this is the same holder's mount at the same place, whenever it was made. */
  default boolean isSameHold(Mount other) {
    return this instanceof Mount mount
        && mount.host().equals(other.host())
        && mount.container().equals(other.container())
        && mount.target().equals(other.target());
  }

  /**
   * A mount at a directory of this host. It is void once the host has rebooted.
   *
   * @param container whom the mount is for; empty if it was made by hand
   * @param exclusive whether nobody else may write while this holder is there
   */
  record Mount(
      String container,
      String target,
      boolean readOnly,
      boolean exclusive,
      Instant since,
      String host,
      String boot)
      implements Attachment {
    @Override
    public String holder() {
      return container.isEmpty() ? target : container;
    }
  }

  /**
   * A disk attached to a virtual machine. It stays attached across reboots until it is detached.
   */
  record Disk(String machine, String drive, boolean readOnly, Instant since) implements Attachment {
    @Override
    public String holder() {
      return machine;
    }
  }
}
