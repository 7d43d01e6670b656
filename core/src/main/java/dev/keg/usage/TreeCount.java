package dev.keg.usage;

import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import dev.keg.usage.TreeScan.Visitor;
import dev.keg.volume.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The count of one tree so far. Any thread may add a directory. */
final class TreeCount {
  private final TreeScan scan;
  private final TreeScan.Listener listener;
  private final Set<Object> linked = ConcurrentHashMap.newKeySet();
  private final LongAdder size = new LongAdder();
  private final LongAdder occupied = new LongAdder();
  private final LongAdder files = new LongAdder();
  private final LongAdder directories = new LongAdder();
  private final SilenceDetector answers;
  private volatile boolean hasMounts;

  /**
   * @param answers is informed about each entry
   */
  TreeCount(TreeScan scan, TreeScan.Listener listener, SilenceDetector answers) {
    this.scan = scan;
    this.listener = listener;
    this.answers = answers;
  }

  /** Counts the content of the directory, and returns its subdirectories. */
  List<TreePath> add(TreePath directory) {
    DirectoryCount seen = new DirectoryCount(directory);
    scan.scan(directory, seen);
    size.add(seen.bytes);
    occupied.add(seen.blocks);
    files.add(seen.count);
    directories.increment();
    listener.advanced(seen.count, new Size(seen.bytes));
    return seen.below;
  }

  /** Whether anything is mounted in the tree. */
  boolean hasMounts() {
    return hasMounts;
  }

  TreeUsage usage() {
    return new TreeUsage(
        new Size(size.sum()),
        scan.tellsBlocks()
            ? Optional.of(new Size(scan.occupied() + occupied.sum()))
            : Optional.empty(),
        files.sum(),
        directories.sum());
  }

  /** The count of one directory, so that threads do not contend for each file. */
  private final class DirectoryCount implements Visitor {
    private final TreePath directory;
    private final List<TreePath> below = new ArrayList<>();
    private long bytes;
    private long blocks;
    private long count;

    DirectoryCount(TreePath directory) {
      this.directory = directory;
    }

    @Override
    public void file(@Nullable Object identity, long length, long room) {
      answers.came();
      if (identity == null || linked.add(identity)) {
        bytes += length;
        blocks += room;
        count++;
      }
    }

    @Override
    public void directory(ByteString name, long room) {
      answers.came();
      blocks += room;
      below.add(directory.child(name));
    }

    @Override
    public void mountPoint() {
      hasMounts = true;
    }
  }
}
