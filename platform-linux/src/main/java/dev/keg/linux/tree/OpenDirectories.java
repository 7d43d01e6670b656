package dev.keg.linux.tree;

import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.file.FileKernel;
import dev.keg.tree.ByteString;
import dev.keg.tree.TreePath;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Open directories of a tree. The most recently used ones stay open, so that a walk opens each
 * once. The depth of a tree may exceed the limit on open files.
 */
final class OpenDirectories implements AutoCloseable {
  private static final int MOST_OPEN = 64;

  /** The same for each of several threads. */
  private static final int MOST_OPEN_IN_THREAD = 8;

  /** Below the kernel's limit for one path. */
  private static final int MAX_PATH = 4000;

  private final FileKernel kernel;
  private final int root;
  private final int most;
  private final Map<TreePath, Integer> open = new LinkedHashMap<>(16, 0.75f, true);
  private TreePath last = TreePath.ROOT;
  private int lastOpen;

  OpenDirectories(FileKernel kernel, Path path) throws ErrnoException {
    this(kernel, kernel.openRoot(path));
  }

  /** Works on the tree whose root is open; closing this closes the root. */
  OpenDirectories(FileKernel kernel, int root) {
    this(kernel, root, MOST_OPEN);
  }

  private OpenDirectories(FileKernel kernel, int root, int most) {
    this.kernel = kernel;
    this.root = root;
    this.most = most;
    lastOpen = root;
  }

  /** The same for one of several threads that work on the tree. */
  static OpenDirectories ofThread(FileKernel kernel, int root) {
    return new OpenDirectories(kernel, root, MOST_OPEN_IN_THREAD);
  }

  /** Opens a directory below another; no part of the path may be a link. */
  static int below(FileKernel kernel, Path top, Path directory) throws ErrnoException {
    int open = kernel.openRoot(top);
    for (Path name : top.relativize(directory)) {
      int outer = open;
      try {
        open = kernel.openDirectory(outer, ByteString.utf8(name.toString()));
      } finally {
        kernel.close(outer);
      }
    }
    return open;
  }

  int root() {
    return root;
  }

  /** The directory's descriptor, until the next call. */
  int open(TreePath directory) throws ErrnoException {
    if (!directory.equals(last)) {
      // A search that fails may have closed the last one before.
      last = TreePath.ROOT;
      lastOpen = root;
      lastOpen = find(directory);
      last = directory;
    }
    return lastOpen;
  }

  private int find(TreePath directory) throws ErrnoException {
    TreePath ancestor = nearestOpen(directory);
    int fd = ancestor.isRoot() ? root : open.get(ancestor);
    while (!ancestor.equals(directory)) {
      TreePath next = farthest(ancestor, directory);
      fd = kernel.openDirectory(fd, below(ancestor, next));
      remember(next, fd);
      ancestor = next;
    }
    return fd;
  }

  // Looking up each ancestor would hash all of them, which dominates the time in a tree with
  // thousands of levels.
  private TreePath nearestOpen(TreePath directory) {
    TreePath nearest = TreePath.ROOT;
    for (TreePath path : open.keySet()) {
      if (path.bytes().length() > nearest.bytes().length() && directory.isWithin(path)) {
        nearest = path;
      }
    }
    return nearest;
  }

  /** The directory nearest to the wanted one that a single call can open. */
  static TreePath farthest(TreePath ancestor, TreePath directory) {
    TreePath next = directory;
    while (below(ancestor, next).length() > MAX_PATH) {
      next = next.parent();
    }
    return next;
  }

  static ByteString below(TreePath ancestor, TreePath path) {
    int from = ancestor.isRoot() ? 0 : ancestor.bytes().length() + 1;
    return path.bytes().substring(from, path.bytes().length());
  }

  private void remember(TreePath directory, int fd) {
    if (open.size() == most) {
      Iterator<Integer> oldest = open.values().iterator();
      kernel.close(oldest.next());
      oldest.remove();
    }
    open.put(directory, fd);
  }

  @Override
  public void close() {
    open.values().forEach(kernel::close);
    kernel.close(root);
  }
}
