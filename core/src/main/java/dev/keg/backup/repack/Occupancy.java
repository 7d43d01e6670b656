package dev.keg.backup.repack;

import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.rest.Needed;
import dev.keg.backup.repository.rest.Rest;
import java.util.List;
import java.util.Optional;

/**
 * How much room an object takes, and how much of it backups need.
 *
 * @param pieces what backups need, and where that lies
 * @param length about how many bytes that takes
 * @param stored the size of the object and of its rests
 * @param successor how much of that stays: the newest rest that has all that is needed, or all
 */
record Occupancy(
    DataObject object, Pieces pieces, Needed needed, long length, long stored, long successor) {
  /** An object of which this part is unused is not copied to free it. */
  private static final int LITTLE = 64;

  /**
   * @param isWhole whether the object itself is there
   * @param rests those of it, the newest first
   */
  static Occupancy of(DataObject object, Pieces pieces, boolean isWhole, List<Rest> rests) {
    Needed needed = pieces.needed();
    long whole = isWhole ? object.size().bytes() : 0;
    long stored = whole + rests.stream().mapToLong(Occupancy::size).sum();
    Optional<Rest> newest = rests.stream().filter(rest -> rest.succeedsWith(needed)).findFirst();
    long successor = newest.map(Occupancy::size).orElse(stored);
    return new Occupancy(object, pieces, needed, pieces.length(newest), stored, successor);
  }

  private static long size(Rest rest) {
    return rest.object().size().bytes();
  }

  /** The same once there is a new rest. */
  Occupancy repacked() {
    long rest = length + Rest.overhead(needed);
    return new Occupancy(object, pieces, needed, length, stored + rest, rest);
  }

  /** What no backup needs of what stays. */
  long unused() {
    return Math.max(0, successor - length);
  }

  /** What is deleted after a day. */
  long waiting() {
    return stored - successor;
  }

  /** Whether a new rest would be smaller than what stays by more than a little. */
  boolean isWorthwhile() {
    return successor - length - Rest.overhead(needed) > successor / LITTLE;
  }

  /** How much of what stays is needed, between 0 and 1. */
  double share() {
    return (double) length / Math.max(1, successor);
  }
}
