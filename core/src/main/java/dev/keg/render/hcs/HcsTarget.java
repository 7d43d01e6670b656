package dev.keg.render.hcs;

/**
 * The receiver of the parts.
 *
 * @param agent whether the machine was started by hcsshim, so that its agent mounts the parts
 */
public record HcsTarget(Role role, Guest guest, boolean agent) {
  /** Its type in the Host Compute Service. */
  public enum Role {
    /** A container that shares the host's kernel. */
    CONTAINER,
    /** A container in its own machine, which sees the host's files through shares. */
    ISOLATED_CONTAINER,
    MACHINE
  }

  /** The operating system in it. */
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
