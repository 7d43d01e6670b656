package dev.keg.machine;

import dev.keg.error.HolderException.MachineFailed;
import dev.keg.volume.Size;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

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
   * @return how much was copied of each
   */
  default List<Size> copy(List<DiskCopy> copies, LongConsumer copied) {
    throw cannotCopy(copies.getFirst().plug());
  }

  /**
   * The bitmaps of the disk that have all that was written to it since they began, by name, each
   * with how much that is. The machine keeps them when it stops only if the disk can.
   */
  default Map<String, Size> bitmaps(Plug disk) {
    return Map.of();
  }

  /** Gives up bitmaps of the disk, also those that are not whole. */
  default void removeBitmaps(Plug disk, Predicate<String> names) {}

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
