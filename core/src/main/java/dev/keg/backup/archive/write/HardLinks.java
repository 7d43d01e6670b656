package dev.keg.backup.archive.write;

import dev.keg.tree.Stat;
import dev.keg.tree.TreePath;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Remembers files with several names until the last name was met. */
final class HardLinks {
  private record Inode(long device, long inode) {}

  private record First(TreePath path, long rest) {}

  private final Map<Inode, First> firsts = new HashMap<>();

  /** The name under which the file was archived, if it was. */
  Optional<TreePath> first(Stat stat) {
    if (stat.links() < 2 || stat.type() == Stat.Type.DIRECTORY) {
      return Optional.empty();
    }
    Inode inode = new Inode(stat.device(), stat.inode());
    First first = firsts.get(inode);
    if (first == null) {
      return Optional.empty();
    }
    if (first.rest <= 1) {
      firsts.remove(inode);
    } else {
      firsts.put(inode, new First(first.path, first.rest - 1));
    }
    return Optional.of(first.path);
  }

  /** Records that the file is in the archive. */
  void archived(TreePath path, Stat stat) {
    if (stat.links() > 1 && stat.type() != Stat.Type.DIRECTORY) {
      firsts.put(new Inode(stat.device(), stat.inode()), new First(path, stat.links() - 1));
    }
  }
}
