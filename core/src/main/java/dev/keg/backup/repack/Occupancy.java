package dev.keg.backup.repack;

import dev.keg.backup.repository.DataObject;
import dev.keg.backup.repository.rest.Needed;
import dev.keg.backup.repository.rest.Rest;
import java.util.List;
import java.util.Optional;

/**
 * How much space an object takes, and how much of it backups need.
 *
 * @param pieces the parts that backups need
 * @param length about how many bytes those take
 * @param stored the size of the object and of its rests
 * @param successor the size of what stays: the newest rest that has all needed parts, or everything
 */
record Occupancy(
    DataObject object, Pieces pieces, Needed needed, long length, long stored, long successor) {
  /** An object with less than this fraction unused is not repacked. */
  private static final int LITTLE = 64;

  /**
   * @param isWhole whether the object itself exists
   * @param rests its rests, the newest first
   */
  static Occupancy of(
      DataObject object, Pieces pieces, Needed needed, boolean isWhole, List<Rest> rests) {
    long whole = isWhole ? object.size().bytes() : 0;
    long stored = whole + rests.stream().mapToLong(Occupancy::size).sum();
    Optional<Rest> newest = rests.stream().filter(rest -> rest.succeedsWith(needed)).findFirst();
    long successor = newest.map(Occupancy::size).orElse(stored);
    return new Occupancy(object, pieces, needed, pieces.length(newest), stored, successor);
  }

  private static long size(Rest rest) {
    return rest.object().size().bytes();
  }

  /** The same after another rest was written. */
  Occupancy repacked() {
    long rest = length + Rest.overhead(needed);
    return new Occupancy(object, pieces, needed, length, stored + rest, rest);
  }

  /** The bytes of what stays that no backup needs. */
  long unused() {
    return Math.max(0, successor - length);
  }

  /** The bytes that are deleted after a day. */
  long waiting() {
    return stored - successor;
  }

  /** Whether a new rest would be noticeably smaller than what stays. */
  boolean isWorthwhile() {
    return successor - length - Rest.overhead(needed) > successor / LITTLE;
  }

  /** The needed fraction of what stays, between 0 and 1. */
  double share() {
    return (double) length / Math.max(1, successor);
  }
}
