package dev.keg.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Deletes a directory and everything in it. Links are deleted but never followed, even if somebody
 * replaces a directory with one meanwhile; another file system mounted in it is not entered.
 */
public final class TreeDeletion {
  private TreeDeletion() {}

  /** Deletes the tree; a missing one is not an error. */
  public static void delete(Path tree) throws IOException {
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
          deleteEntries(secure, tree, device);
        } else {
          deleteEntries(entries, device);
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    Files.delete(tree);
  }

  private static void deleteEntries(SecureDirectoryStream<Path> entries, Path where, Object device)
      throws IOException {
    for (Path entry : entries) {
      Path name = entry.getFileName();
      if (!isDirectory(entries, name)) {
        entries.deleteFile(name);
        continue;
      }
      Path below = where.resolve(name);
      refuseMount(below, device);
      try (SecureDirectoryStream<Path> inner =
          entries.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
        deleteEntries(inner, below, device);
      }
      entries.deleteDirectory(name);
    }
  }

  private static boolean isDirectory(SecureDirectoryStream<Path> parent, Path name)
      throws IOException {
    return parent
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes()
        .isDirectory();
  }

  // For systems without directory handles: Windows, some network file systems.
  private static void deleteEntries(DirectoryStream<Path> entries, Object device)
      throws IOException {
    for (Path entry : entries) {
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        refuseMount(entry, device);
      }
      delete(entry);
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
