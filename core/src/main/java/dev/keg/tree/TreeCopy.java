package dev.keg.tree;

import dev.keg.error.RegistryException.FileFailure;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * Copies one tree into another, with all that belongs to a file and the same hard links. Sockets
 * and what is mounted in the tree are left out. Does not recurse, for a container may have nested
 * its directories as deep as it likes.
 */
public final class TreeCopy {
  private static final int BUFFER = 256 * 1024;

  private final FileTree from;
  private final TreeWriter to;
  private final Map<Identity, TreePath> linked = new HashMap<>();
  private final Deque<Visit> visits = new ArrayDeque<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

  public TreeCopy(FileTree from, TreeWriter to) {
    this.from = from;
    this.to = to;
  }

  /** The identity of a file, regardless of its name. */
  private record Identity(long device, long inode) {}

  /** A directory that is being copied; it gets its attributes once it is complete. */
  private record Visit(TreePath path, Iterator<ByteString> names, Attributes attributes) {}

  public void run() {
    from.stat(TreePath.ROOT).ifPresent(root -> visit(TreePath.ROOT, root));
    while (!visits.isEmpty()) {
      Visit visit = visits.getLast();
      if (visit.names().hasNext()) {
        TreePath path = visit.path().child(visit.names().next());
        from.stat(path).ifPresent(stat -> copy(path, stat));
      } else {
        to.attributes(visit.path(), new FileKind.Directory(), visit.attributes());
        visits.removeLast();
      }
    }
    to.sync();
  }

  private void visit(TreePath path, Stat stat) {
    visits.addLast(
        new Visit(path, from.names(path).iterator(), stat.attributes(from.xattrs(path))));
  }

  private void copy(TreePath path, Stat stat) {
    switch (stat.type()) {
      case DIRECTORY -> {
        if (!stat.mountPoint()) {
          require(path, to.directory(path));
          visit(path, stat);
        }
      }
      case REGULAR -> file(path, stat);
      case SYMLINK -> from.target(path).ifPresent(target -> symlink(path, stat, target));
      case FIFO -> {
        require(path, to.fifo(path));
        to.attributes(path, new FileKind.Fifo(), stat.attributes(from.xattrs(path)));
      }
      case CHARACTER, BLOCK -> {
        require(path, to.device(path, stat.toDevice()));
        to.attributes(path, stat.toDevice(), stat.attributes(from.xattrs(path)));
      }
      case SOCKET -> {}
    }
  }

  /** The target was empty, so an existing file is somebody else's. */
  private static void require(TreePath path, boolean made) {
    if (!made) {
      throw exists(path);
    }
  }

  private static FileFailure exists(TreePath path) {
    return new FileFailure("copy", path.toString(), "file exists", null);
  }

  private void symlink(TreePath path, Stat stat, ByteString target) {
    require(path, to.symlink(path, target));
    to.attributes(path, new FileKind.Symlink(target), stat.attributes(from.xattrs(path)));
  }

  private void file(TreePath path, Stat stat) {
    TreePath first = linked.get(new Identity(stat.device(), stat.inode()));
    if (stat.links() > 1 && first != null) {
      require(path, to.link(path, first));
      return;
    }
    Optional<OpenFile> found = from.open(path);
    if (found.isEmpty()) {
      return;
    }
    try (OpenFile source = found.get();
        NewFile copy = to.file(path).orElseThrow(() -> exists(path))) {
      Stat now = source.stat();
      content(source, copy, now.size());
      copy.size(now.size());
      copy.finish(now.attributes(source.xattrs()));
      if (now.links() > 1) {
        linked.put(new Identity(now.device(), now.inode()), path);
      }
    }
  }

  private void content(OpenFile source, NewFile copy, long size) {
    for (FileKind.Extent extent : source.data(size)) {
      long position = extent.offset();
      while (position < extent.end()) {
        buffer.clear().limit((int) Math.min(BUFFER, extent.end() - position));
        int read = source.read(buffer, position);
        if (read < 0) {
          return; // It became shorter meanwhile; the rest is a hole.
        }
        copy.write(buffer.flip(), position);
        position += read;
      }
    }
  }
}
