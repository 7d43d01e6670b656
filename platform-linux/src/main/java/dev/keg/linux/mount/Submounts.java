package dev.keg.linux.mount;

/** How a bind mount treats the mounts below its source. */
public enum Submounts {
  /** They are left out: the directory below each mount point shows. */
  LEFT_OUT,
  /** They are included unchanged. */
  UNCHANGED,
  /** They are included and also get the flags if the kernel supports it, as Linux 5.12 does. */
  FLAGGED_IF_POSSIBLE,
  /** They are included and also get the flags, or nothing is mounted. */
  FLAGGED
}
