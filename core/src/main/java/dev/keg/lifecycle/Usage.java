package dev.keg.lifecycle;

import dev.keg.usage.Room;
import dev.keg.usage.TreeMeter.Measured;
import dev.keg.usage.TreeUsage;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.time.Instant;
import java.util.Optional;

/**
 * The usage of a volume.
 *
 * @param pool its pool
 * @param type its file system; empty if unknown
 * @param capacity how much it can hold; empty without a limit of its own
 * @param holders the number of current holders
 * @param snapshots the number of its snapshots, which do not count towards its size
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
   * Its content, as far as it can be measured now.
   *
   * @param size the size of the data
   * @param allocated the space that it takes on the storage
   * @param tree its files
   * @param room the space of the file system or quota that limits them
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
