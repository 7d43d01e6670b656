package dev.keg.lifecycle;

import dev.keg.usage.Room;
import dev.keg.usage.TreeMeter.Measured;
import dev.keg.usage.TreeUsage;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.time.Instant;
import java.util.Optional;

/**
 * How a volume is used.
 *
 * @param pool that it is in
 * @param type of its file system; empty if it is not known
 * @param capacity how much it can hold; empty without a limit of its own
 * @param holders how many have it now
 * @param snapshots how many it has; they are not part of its size
 * @param lastUsed when somebody last began or ended to hold it
 */
public record Usage(
    Volume volume,
    String pool,
    String type,
    Optional<Size> capacity,
    Optional<Integer> holders,
    int snapshots,
    Optional<Instant> lastUsed,
    Content content) {

  Usage with(Content found) {
    return new Usage(volume, pool, type, capacity, holders, snapshots, lastUsed, found);
  }

  /**
   * What it holds, as far as that can be seen now.
   *
   * @param size of the data
   * @param allocated what that takes on the storage
   * @param tree its files
   * @param room how full what limits them is
   * @param measured when the files were counted; nothing has changed since
   */
  public record Content(
      Optional<Size> size,
      Optional<Size> allocated,
      Optional<TreeUsage> tree,
      Optional<Room> room,
      Optional<Instant> measured) {
    static final Content UNKNOWN =
        new Content(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    static Content of(Measured measured, Instant at) {
      TreeUsage tree = measured.tree();
      return new Content(
          Optional.of(tree.size()),
          tree.allocated(),
          Optional.of(tree),
          measured.room(),
          Optional.of(at));
    }

    static Content ofImage(Size allocated, Instant at) {
      return new Content(
          Optional.of(allocated),
          Optional.of(allocated),
          Optional.empty(),
          Optional.empty(),
          Optional.of(at));
    }
  }
}
