package dev.keg.linux.mount;

/** What becomes of the mounts below the source of a bind mount. */
public enum Submounts {
  /** They stay behind: where one was, its mount point is seen. */
  LEFT_OUT,
  /** They come along as they are. */
  UNCHANGED,
  /** They come along and get the flags too if the kernel can do it, which Linux 5.12 can. */
  FLAGGED_IF_POSSIBLE,
  /** They come along and get the flags too, or nothing is mounted. */
  FLAGGED
}
