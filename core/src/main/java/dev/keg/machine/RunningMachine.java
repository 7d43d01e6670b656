package dev.keg.machine;

import dev.keg.error.HolderException.MachineFailed;
import java.util.List;
import java.util.function.LongConsumer;

/** A running machine that lets disks be plugged in and unplugged. */
public interface RunningMachine {
  /**
   * Plugs the disk in; one that is already in is not an error. If it fails, {@link #lacks} tells
   * whether the machine has the disk nevertheless.
   */
  void plug(Plug plug);

  /** Unplugs the disk once the machine has released it; a missing one is not an error. */
  void unplug(Plug plug);

  /** Gives up the copies of these disks that a killed command began. */
  default void endCopies(List<Plug> disks) {
    throw cannotCopy(disks.getFirst());
  }

  /**
   * Copies disks as they all are at one moment while the machine writes on. If it fails, the copies
   * are worthless, and the machine makes them no longer. What a killed command began has ended.
   *
   * @param copied hears how many more bytes are copied
   */
  default void copy(List<DiskCopy> copies, LongConsumer copied) {
    throw cannotCopy(copies.getFirst().plug());
  }

  private static MachineFailed cannotCopy(Plug disk) {
    return new MachineFailed(
        "backup",
        disk.volume().text(),
        "such a machine cannot copy its disks while it runs",
        "stop it and detach the disk",
        null);
  }

  /** Makes sure after a failure that the disk is not plugged in; false if that is unknown. */
  boolean lacks(Plug plug);
}
