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
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a directory and everything in it. Links are deleted but never followed, even if somebody
 * replaces a directory with one meanwhile; another file system mounted in it is not entered. A
 * subvolume is deleted as a whole if possible.
 */
public final class TreeDeletion {
  /** Deeper files are not counted. */
  private static final int MAX_DEPTH = 64;

  private static final Subvolumes SUBVOLUMES = Subvolumes.ofSystem();

  private TreeDeletion() {}

  /** Deletes the tree; a missing one is not an error. */
  public static void delete(Path tree) throws IOException {
    delete(tree, WorkListener.NONE);
  }

  /** The same; reports each deleted file to the listener, from any thread. */
  public static void delete(Path tree, WorkListener work) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(tree, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    // A Windows junction is both "directory" and "other"; only the junction itself must be deleted.
    if (attributes.isDirectory() && !attributes.isOther()) {
      Path parent = tree.resolveSibling("");
      if (SUBVOLUMES.number(tree).isPresent() && SUBVOLUMES.delete(parent, tree)) {
        return;
      }
      empty(tree, attributes, work);
    }
    Files.delete(tree);
    tell(attributes, work);
  }

  /**
   * Deletes everything in a directory.
   *
   * @param met what was there before it was opened, which a link may have replaced since
   */
  static void empty(Path tree, BasicFileAttributes met, WorkListener work) throws IOException {
    Object device = device(tree);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(tree)) {
      if (entries instanceof SecureDirectoryStream<Path> secure) {
        requireSame(tree, met, secure);
        new HandleDeletion(tree.resolveSibling(""), secure, tree, device, work).run();
      } else {
        deleteEntries(entries, device, work);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static void requireSame(
      Path tree, BasicFileAttributes met, SecureDirectoryStream<Path> opened) throws IOException {
    Object key =
        opened.getFileAttributeView(BasicFileAttributeView.class).readAttributes().fileKey();
    if (!Objects.equals(key, met.fileKey())) {
      throw new FileSystemException(
          tree.toString(), null, "another directory has taken its place meanwhile");
    }
  }

  static void tell(BasicFileAttributes deleted, WorkListener work) {
    if (work.isWatched() && deleted.isRegularFile()) {
      work.advanced(1, deleted.size());
    }
  }

  /**
   * An estimate of the number of bytes that a deletion will report. It never prevents the deletion,
   * neither for paths that are too long nor for millions of files. Nothing is reported of a
   * subvolume.
   */
  public static long reportedBytes(Path tree) throws IOException {
    var visitor =
        new SimpleFileVisitor<Path>() {
          private long bytes;

          // A Windows junction leads elsewhere, possibly to a directory above it.
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return attributes.isOther() || isSubvolume(directory)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
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

  private static boolean isSubvolume(Path directory) {
    try {
      return SUBVOLUMES.number(directory).isPresent();
    } catch (IOException _) {
      return false; // the deletion itself reports the problem
    }
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
        new HandleDeletion(directory, top, tree, device(tree), WorkListener.NONE).run();
      }
      secure.deleteDirectory(name);
    }
  }

  // Where the system has no directory handles (Windows, some network file systems).
  private static void deleteEntries(DirectoryStream<Path> entries, Object device, WorkListener work)
      throws IOException {
    for (Path entry : entries) {
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) && !device(entry).equals(device)) {
        throw mounted(entry);
      }
      delete(entry, work);
    }
  }

  static FileSystemException mounted(Path directory) {
    return new FileSystemException(directory.toString(), null, "something is mounted there");
  }

  static Object device(Path directory) throws IOException {
    return directory.getFileSystem().supportedFileAttributeViews().contains("unix")
        ? Files.getAttribute(directory, "unix:dev", LinkOption.NOFOLLOW_LINKS)
        : "";
  }
}
