package dev.keg.file;

import dev.keg.file.FileFailures.FileAction;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the content of a directory through directory handles. If there are many files, several
 * threads do it, each in its own directories, since a file system lets only one thread at a time
 * change a directory.
 *
 * <p>A tree may be deeper than the limit on open files, and its paths longer than the kernel
 * accepts. Directories that deep are first moved to the top of the tree and deleted there.
 */
final class HandleDeletion {
  /** Each level that is entered keeps a directory open, in each thread. */
  private static final int MAX_DEPTH = 64;

  /** In characters, which may need three bytes each in UTF-8; the kernel accepts 4096 bytes. */
  private static final int MAX_PATH = 1000;

  /** Deleting this many entries takes less time than starting threads. */
  private static final int FEW = 256;

  /** More threads would wait for the file system's journal and keep too many directories open. */
  private static final int MOST_THREADS = 4;

  private final Path root;
  private final SecureDirectoryStream<Path> top;
  private final Path tree;
  private final Object device;
  private final WorkListener work;
  private final AtomicInteger met = new AtomicInteger();
  private final Queue<Path> movedUp = new ConcurrentLinkedQueue<>();
  private final AtomicInteger moves = new AtomicInteger();
  private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

  /** Limits the directories that other threads are deleting or will delete next. */
  private final Semaphore elsewhere = new Semaphore(2 * (threads() - 1));

  /**
   * @param root the tree itself, or a directory above it; links may appear between them
   * @param top the open tree
   * @param device the tree's file system
   */
  HandleDeletion(
      Path root, SecureDirectoryStream<Path> top, Path tree, Object device, WorkListener work) {
    this.root = root;
    this.top = top;
    this.tree = tree;
    this.device = device;
    this.work = work;
  }

  private static int threads() {
    return Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS);
  }

  /** Deletes everything in the directory, until the first failure. */
  void run() throws IOException {
    attempt(() -> deleteEntries(top, tree, 1));
    for (Path name = movedUp.poll(); name != null; name = movedUp.poll()) {
      Path directory = name;
      attempt(() -> deleteMoved(directory));
    }
    requireGoingOn();
  }

  private void attempt(FileAction action) {
    try {
      requireGoingOn();
      action.run();
    } catch (IOException e) {
      failure.compareAndSet(null, e);
    } catch (DirectoryIteratorException e) {
      failure.compareAndSet(null, e.getCause());
    }
  }

  private void requireGoingOn() throws IOException {
    IOException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  private void deleteEntries(SecureDirectoryStream<Path> entries, Path where, int depth)
      throws IOException {
    List<ForkJoinTask<?>> branches = new ArrayList<>();
    try {
      for (Path entry : entries) {
        Path name = entry.getFileName();
        boolean many = met.incrementAndGet() > FEW;
        if (deletedUnlessDirectory(entries, name)) {
          continue;
        }
        if (depth == MAX_DEPTH || where.toString().length() > MAX_PATH + tree.toString().length()) {
          moveUp(entries, name);
        } else if (many && elsewhere.tryAcquire()) {
          branches.removeIf(ForkJoinTask::isCompletedNormally);
          branches.add(fork(entries, where, name, depth));
        } else {
          deleteDirectory(entries, where, name, depth);
        }
      }
    } finally {
      // This thread itself deletes the last ones, which no other thread has begun.
      branches.reversed().forEach(ForkJoinTask::quietlyJoin);
    }
    branches.forEach(ForkJoinTask::join);
    requireGoingOn();
  }

  /** Deletes an entry unless it is a directory. Examines it first only if somebody watches. */
  private boolean deletedUnlessDirectory(SecureDirectoryStream<Path> entries, Path name)
      throws IOException {
    if (!work.isWatched()) {
      try {
        entries.deleteFile(name);
        return true;
      } catch (FileSystemException e) {
        if (!attributes(entries, name).isDirectory()) {
          throw e;
        }
        return false;
      }
    }
    BasicFileAttributes attributes = attributes(entries, name);
    if (attributes.isDirectory()) {
      return false;
    }
    entries.deleteFile(name);
    TreeDeletion.tell(attributes, work);
    return true;
  }

  /** Another thread deletes the directory, or this one does while it waits. */
  private ForkJoinTask<?> fork(
      SecureDirectoryStream<Path> parent, Path where, Path name, int depth) {
    return ForkJoinTask.adapt(
            () -> {
              try {
                attempt(() -> deleteDirectory(parent, where, name, depth));
              } finally {
                elsewhere.release();
              }
            })
        .fork();
  }

  private void deleteDirectory(SecureDirectoryStream<Path> parent, Path where, Path name, int depth)
      throws IOException {
    Path directory = where.resolve(name);
    Object own = TreeDeletion.device(directory);
    boolean subvolume = !own.equals(device) && isSubvolume(directory);
    requireGoingOn();
    if (subvolume && Subvolumes.ofSystem().delete(root, directory)) {
      return;
    }
    try (SecureDirectoryStream<Path> entries =
        parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      if (subvolume) {
        // Nothing can be moved out of it.
        new HandleDeletion(root, entries, directory, own, work).run();
      } else {
        deleteEntries(entries, directory, depth + 1);
      }
    }
    parent.deleteDirectory(name);
  }

  private static boolean isSubvolume(Path apart) throws IOException {
    if (Subvolumes.ofSystem().number(apart).isEmpty()) {
      throw TreeDeletion.mounted(apart);
    }
    return true;
  }

  /** The thread that lists the top may have found and deleted it already. */
  private void deleteMoved(Path name) throws IOException {
    if (exists(name)) {
      deleteDirectory(top, tree, name, 1);
    }
  }

  // A file of the tree may have the name, or a directory that a killed deletion moved up.
  private void moveUp(SecureDirectoryStream<Path> parent, Path name) throws IOException {
    Path free;
    do {
      free = name.getFileSystem().getPath(".keg-deep-" + moves.getAndIncrement());
    } while (exists(free));
    parent.move(name, top, free);
    movedUp.add(free);
  }

  private boolean exists(Path name) throws IOException {
    try {
      var _ = attributes(top, name);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static BasicFileAttributes attributes(SecureDirectoryStream<Path> parent, Path name)
      throws IOException {
    return parent
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }
}
