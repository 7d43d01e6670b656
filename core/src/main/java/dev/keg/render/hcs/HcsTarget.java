package dev.keg.render.hcs;

/**
 * Who gets the parts.
 *
 * @param agent whether the machine was started by hcsshim, so that an agent in it mounts what it
 *     gets
 */
public record HcsTarget(Role role, Guest guest, boolean agent) {
  /** What it is to the Host Compute Service. */
  public enum Role {
    /** A container that shares the host's kernel. */
    CONTAINER,
    /** A container in a machine of its own, which sees the host's files through shares. */
    ISOLATED_CONTAINER,
    MACHINE
  }

  /** What runs in it. */
  public enum Guest {
    WINDOWS,
    LINUX
  }

  public boolean isMachine() {
    return role == Role.MACHINE;
  }

  public boolean isLinux() {
    return guest == Guest.LINUX;
  }
}
