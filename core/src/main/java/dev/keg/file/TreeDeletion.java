package dev.keg.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a directory and everything in it. Links are deleted but never followed, even if somebody
 * replaces a directory with one meanwhile; another file system mounted in it is not entered.
 *
 * <p>A tree may be deeper than the limit on open files, and its paths longer than the kernel
 * accepts. Directories that deep are first moved to the top of the tree and deleted there.
 */
public final class TreeDeletion {
  /** Each level that is entered keeps a directory open. */
  private static final int MAX_DEPTH = 64;

  /** In characters, which may need three bytes each in UTF-8; the kernel accepts 4096 bytes. */
  private static final int MAX_PATH = 1000;

  private final SecureDirectoryStream<Path> top;
  private final Path tree;
  private final Object device;
  private final WorkListener work;
  private final Deque<Path> movedUp = new ArrayDeque<>();
  private int moves;

  private TreeDeletion(
      SecureDirectoryStream<Path> top, Path tree, Object device, WorkListener work) {
    this.top = top;
    this.tree = tree;
    this.device = device;
    this.work = work;
  }

  /** Deletes the tree; a missing one is not an error. */
  public static void delete(Path tree) throws IOException {
    delete(tree, WorkListener.NONE);
  }

  /** The same, and reports each file that is deleted. */
  public static void delete(Path tree, WorkListener work) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(tree, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    // A Windows junction is both "directory" and "other"; only the junction itself must be deleted.
    if (attributes.isDirectory() && !attributes.isOther()) {
      Object device = device(tree);
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(tree)) {
        if (entries instanceof SecureDirectoryStream<Path> secure) {
          new TreeDeletion(secure, tree, device, work).run();
        } else {
          deleteEntries(entries, device, work);
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    Files.delete(tree);
    tell(attributes, work);
  }

  private static void tell(BasicFileAttributes deleted, WorkListener work) {
    if (deleted.isRegularFile()) {
      work.advanced(1, deleted.size());
    }
  }

  /**
   * How many bytes of files a deletion will tell of, as far as that can be seen: an estimate stops
   * no deletion, neither of a tree deeper than paths may be long nor of millions of files.
   */
  public static long told(Path tree) throws IOException {
    var visitor =
        new SimpleFileVisitor<Path>() {
          private long bytes;

          // A Windows junction leads elsewhere, perhaps to a directory above it.
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return attributes.isOther() ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes += attributes.isRegularFile() ? attributes.size() : 0;
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
            return FileVisitResult.CONTINUE;
          }
        };
    Files.walkFileTree(tree, Set.of(), MAX_DEPTH, visitor);
    return visitor.bytes;
  }

  /** Deletes a tree in a directory where others may put a link in its place. */
  public static void deleteIn(Path directory, Path name) throws IOException {
    Path tree = directory.resolve(name);
    try (DirectoryStream<Path> parent = Files.newDirectoryStream(directory)) {
      if (!(parent instanceof SecureDirectoryStream<Path> secure)) {
        delete(tree);
        return;
      }
      try (SecureDirectoryStream<Path> top =
          secure.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
        new TreeDeletion(top, tree, device(tree), WorkListener.NONE).run();
      }
      secure.deleteDirectory(name);
    }
  }

  private void run() throws IOException {
    deleteEntries(top, tree, 1);
    while (!movedUp.isEmpty()) {
      deleteDirectory(top, tree, movedUp.removeFirst(), 1);
    }
  }

  private void deleteEntries(SecureDirectoryStream<Path> entries, Path where, int depth)
      throws IOException {
    for (Path entry : entries) {
      Path name = entry.getFileName();
      BasicFileAttributes attributes = attributes(entries, name);
      if (!attributes.isDirectory()) {
        entries.deleteFile(name);
        tell(attributes, work);
      } else if (depth == MAX_DEPTH
          || where.toString().length() > MAX_PATH + tree.toString().length()) {
        moveUp(entries, name);
      } else {
        deleteDirectory(entries, where, name, depth);
      }
    }
  }

  private void deleteDirectory(SecureDirectoryStream<Path> parent, Path where, Path name, int depth)
      throws IOException {
    Path directory = where.resolve(name);
    refuseMount(directory, device);
    try (SecureDirectoryStream<Path> entries =
        parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      deleteEntries(entries, directory, depth + 1);
    }
    parent.deleteDirectory(name);
  }

  // The name may be taken by a file of the tree, or by what a killed deletion moved up before.
  private void moveUp(SecureDirectoryStream<Path> parent, Path name) throws IOException {
    Path free;
    do {
      free = name.getFileSystem().getPath(".keg-deep-" + moves++);
    } while (exists(free));
    parent.move(name, top, free);
    movedUp.addLast(free);
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

  // Where the system has no directory handles (Windows, some network file systems).
  private static void deleteEntries(DirectoryStream<Path> entries, Object device, WorkListener work)
      throws IOException {
    for (Path entry : entries) {
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        refuseMount(entry, device);
      }
      delete(entry, work);
    }
  }

  private static void refuseMount(Path directory, Object device) throws IOException {
    if (!device(directory).equals(device)) {
      throw new FileSystemException(directory.toString(), null, "something is mounted there");
    }
  }

  private static Object device(Path directory) throws IOException {
    return directory.getFileSystem().supportedFileAttributeViews().contains("unix")
        ? Files.getAttribute(directory, "unix:dev", LinkOption.NOFOLLOW_LINKS)
        : "";
  }
}
