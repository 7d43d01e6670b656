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
   * Plugs the disk in; if it is already plugged in, that is not an error. After a failure, {@link
   * #lacks} tells whether the machine has the disk nevertheless.
   */
  void plug(Plug plug);

  /** Unplugs the disk once the machine has released it; a missing one is not an error. */
  void unplug(Plug plug);

  /** Ends copies of these disks that a killed command began. */
  default void endCopies(List<Plug> disks) {
    throw cannotCopy(disks.getFirst());
  }

  /**
   * Copies disks as they all are at one moment while the machine keeps writing. If it fails, the
   * copies are worthless, and the machine has stopped making them. Copies that a killed command
   * began are ended first.
   *
   * @param copied receives the number of further bytes copied
   * @return how much was copied of each
   */
  default List<Size> copy(List<DiskCopy> copies, LongConsumer copied) {
    throw cannotCopy(copies.getFirst().plug());
  }

  /**
   * The disk's bitmaps that have recorded every write since they began, by name, with the amount of
   * the writes. They survive a stop of the machine only if the disk's format supports that.
   */
  default Map<String, Size> bitmaps(Plug disk) {
    return Map.of();
  }

  /** Removes bitmaps of the disk, including incomplete ones. */
  default void removeBitmaps(Plug disk, Predicate<String> names) {}

  private static MachineFailed cannotCopy(Plug disk) {
    return new MachineFailed(
        "backup",
        disk.volume().text(),
        "such a machine cannot copy its disks while it runs",
        "stop it and detach the disk",
        null);
  }

  /** Ensures after a failure that the disk is not plugged in; returns false if that is unknown. */
  boolean lacks(Plug plug);
}
