package dev.keg.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * System-specific operations on directories, mainly to make names in a directory survive a power
 * failure.
 */
@FunctionalInterface
public interface DirectorySync {
  /** POSIX: a directory is opened and synced like a file. */
  DirectorySync FSYNC =
      // Not a lambda, which an AOT cache would not contain.
      new DirectorySync() {
        @Override
        public void sync(Path directory) throws IOException {
          try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
          }
        }
      };

  /** Linux's names for the types of file systems that Windows also reads. */
  Set<String> OF_WINDOWS =
      Set.of("cifs", "smb3", "nfs", "nfs4", "9p", "drvfs", "fuseblk", "ntfs3", "exfat", "vfat");

  /** NTFS journals names itself, and Java cannot open a directory there. */
  DirectorySync NONE =
      new DirectorySync() {
        @Override
        public void sync(Path directory) {}
      };

  void sync(Path directory) throws IOException;

  /**
   * Syncs the directory's file system; false if the system does not support that, so that each file
   * has to be synced.
   */
  default boolean syncAll(Path directory) throws IOException {
    return false;
  }

  /**
   * Begins to write this part of a file to the disk, so that the file's sync takes less time. A
   * failure is left to that sync.
   */
  default void begin(Path file, long from, long length) {}

  /**
   * Restricts a new root and its future content to its owner and administrators, on systems where a
   * mode cannot.
   */
  default void protect(Path root) throws IOException {}

  /**
   * Refuses a root with content that somebody else may have created, on systems where everybody can
   * create it.
   */
  default void requireOwn(Path root) throws IOException {}

  /** The names of the directories in a directory, for those that have many entries. */
  default List<String> directories(Path directory) throws IOException {
    return DirectoryEntries.of(directory).stream()
        .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
        .map(entry -> String.valueOf(entry.getFileName()))
        .toList();
  }

  /** Why the system does not support a file or directory of this name; empty if it does. */
  default Optional<String> whyUnusable(String name) {
    return Optional.empty();
  }

  /** The actual name of a file, which may differ on a case-insensitive file system. */
  default String spelling(Path file) throws IOException {
    return String.valueOf(file.getFileName());
  }

  /** Whether Windows may also read the directory, on a share or a disk of its own. */
  default boolean isSharedWithWindows(Path directory) throws IOException {
    return OF_WINDOWS.contains(Files.getFileStore(directory).type());
  }
}
