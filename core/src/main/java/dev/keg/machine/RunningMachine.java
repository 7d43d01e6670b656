package dev.keg.machine;

/** A running machine that lets disks be plugged in and unplugged. */
public interface RunningMachine {
  /**
   * Plugs the disk in; one that is already in is not an error. If it fails, {@link #lacks} tells
   * whether the machine has the disk nevertheless.
   */
  void plug(Plug plug);

  /** Unplugs the disk once the machine has released it; a missing one is not an error. */
  void unplug(Plug plug);

  /** Makes sure after a failure that the disk is not plugged in; false if that is unknown. */
  boolean lacks(Plug plug);
}
