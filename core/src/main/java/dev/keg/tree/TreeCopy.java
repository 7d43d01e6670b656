package dev.keg.tree;

import dev.keg.error.RegistryException.FileFailure;
import dev.keg.tree.TreeListener.Note;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * Copies one tree into another, with all attributes and the same hard links. Shares content if the
 * file system supports that. Leaves out sockets. One thread walks and opens files, and several
 * create them once there are many. Iterative, since directories may be nested arbitrarily deep.
 */
public final class TreeCopy {
  /** How many directories may wait for their attributes, to limit memory. */
  private static final int MOST_COMPLETE = 10_000;

  private final FileTree from;
  private final TreeWriter to;
  private final Mounts mounts;
  private final TreeListener listener;
  private final Map<Identity, TreePath> linked = new HashMap<>();
  private final Deque<Visit> visits = new ArrayDeque<>();
  private final List<Complete> complete = new ArrayList<>();
  private final FileCopies copies;

  /** What to do with file systems mounted in the tree. */
  public enum Mounts {
    LEFT_OUT,
    COPIED
  }

  /** A copy without mounts in the tree. */
  public TreeCopy(FileTree from, TreeWriter to) {
    this(from, to, Mounts.LEFT_OUT, TreeListener.NONE);
  }

  public TreeCopy(FileTree from, TreeWriter to, Mounts mounts, TreeListener listener) {
    this.from = from;
    this.to = to;
    this.mounts = mounts;
    this.listener = listener;
    this.copies = new FileCopies(to, listener);
  }

  /** The identity of a file, regardless of its name. */
  private record Identity(long device, long inode) {}

  /** A directory that is being copied. */
  private record Visit(
      TreePath source, TreePath copy, Iterator<ByteString> names, Attributes attributes) {}

  /** A directory all of whose files are being copied; it gets its attributes once they exist. */
  private record Complete(TreePath copy, Attributes attributes) {}

  /** Copies the whole tree. */
  public void run() {
    content(TreePath.ROOT, TreePath.ROOT);
  }

  /** Copies a file, or a directory with everything in it, to a path that does not exist. */
  public void file(TreePath source, TreePath target) {
    part(source, target);
    to.sync();
  }

  /** The same for one of several, after which the caller syncs. */
  public void part(TreePath source, TreePath target) {
    finish(
        () ->
            from.stat(source)
                .ifPresentOrElse(stat -> copy(source, target, stat), () -> vanished(source)));
  }

  /** Copies the content and the attributes of a directory to an empty one. */
  public void content(TreePath source, TreePath target) {
    finish(
        () ->
            from.stat(source)
                .ifPresentOrElse(stat -> visit(source, target, stat), () -> vanished(source)));
    to.sync();
  }

  private void finish(Runnable first) {
    try {
      first.run();
      walk();
      settle();
    } catch (FileFailure e) {
      // Java may close a file when its thread is interrupted.
      throw Thread.interrupted() ? cancelled(e) : e;
    } catch (CancellationException e) {
      // Only the copy was interrupted, even while waiting for its threads, not the cleanup.
      copies.stop();
      var _ = Thread.interrupted();
      throw e;
    } finally {
      copies.stop();
    }
  }

  private static RuntimeException cancelled(FileFailure cause) {
    CancellationException cancelled = new CancellationException("interrupted");
    cancelled.initCause(cause);
    return cancelled;
  }

  /** Waits until all files exist, and gives the directories their attributes. */
  private void settle() {
    copies.settle();
    complete.forEach(
        directory ->
            to.attributes(directory.copy(), new FileKind.Directory(), directory.attributes()));
    complete.clear();
  }

  private void walk() {
    while (!visits.isEmpty()) {
      FileCopies.requireGoingOn();
      Visit visit = visits.getLast();
      if (visit.names().hasNext()) {
        ByteString name = visit.names().next();
        TreePath source = visit.source().child(name);
        from.stat(source)
            .ifPresentOrElse(
                stat -> {
                  if (mounts == Mounts.COPIED || !stat.mountPoint()) {
                    copy(source, visit.copy().child(name), stat);
                  } else {
                    listener.note(source, Note.MOUNT_POINT, "another file system is mounted there");
                  }
                },
                () -> vanished(source));
      } else {
        complete.add(new Complete(visit.copy(), visit.attributes()));
        visits.removeLast();
        if (complete.size() == MOST_COMPLETE) {
          settle();
        }
      }
    }
  }

  private void vanished(TreePath source) {
    listener.note(source, Note.VANISHED, "removed meanwhile");
  }

  private void visit(TreePath source, TreePath copy, Stat stat) {
    visits.addLast(
        new Visit(
            source, copy, from.names(source).iterator(), stat.attributes(from.xattrs(source))));
  }

  private void copy(TreePath source, TreePath copy, Stat stat) {
    switch (stat.type()) {
      case DIRECTORY -> {
        require(copy, to.directory(copy));
        visit(source, copy, stat);
      }
      case REGULAR -> file(source, copy, stat);
      case SYMLINK ->
          from.target(source)
              .ifPresentOrElse(
                  target -> symlink(source, copy, stat, target), () -> vanished(source));
      case FIFO -> {
        require(copy, to.fifo(copy));
        special(source, copy, new FileKind.Fifo(), stat);
      }
      case CHARACTER, BLOCK -> {
        require(copy, to.device(copy, stat.toDevice()));
        special(source, copy, stat.toDevice(), stat);
      }
      case SOCKET -> listener.note(source, Note.SOCKET, "a socket");
    }
  }

  /** The target was empty, so an existing file is somebody else's. */
  private static void require(TreePath path, boolean made) {
    if (!made) {
      throw FileCopies.exists(path);
    }
  }

  private void symlink(TreePath source, TreePath copy, Stat stat, ByteString target) {
    require(copy, to.symlink(copy, target));
    special(source, copy, new FileKind.Symlink(target), stat);
  }

  private void special(TreePath source, TreePath copy, FileKind kind, Stat stat) {
    to.attributes(copy, kind, stat.attributes(from.xattrs(source)));
  }

  private void file(TreePath source, TreePath copy, Stat stat) {
    TreePath first = linked.get(new Identity(stat.device(), stat.inode()));
    if (stat.links() > 1 && first != null) {
      require(copy, to.link(copy, first));
      return;
    }
    Optional<OpenFile> found = from.open(source);
    if (found.isEmpty()) {
      vanished(source);
      return;
    }
    FileCopies.One file = copies.of(found.get(), copy);
    if (file.stat().links() > 1) {
      copies.now(file);
      linked.put(new Identity(file.stat().device(), file.stat().inode()), copy);
    } else {
      copies.add(file);
    }
  }
}
