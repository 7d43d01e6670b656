package dev.keg.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * What the system does for directories; above all, it makes the names in one survive a power
 * failure.
 */
@FunctionalInterface
public interface DirectorySync {
  /** POSIX: a directory is opened and synced like a file. */
  DirectorySync FSYNC =
      directory -> {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
          channel.force(true);
        }
      };

  /** The types of file systems that Windows reads, too, in the words of Linux. */
  Set<String> OF_WINDOWS =
      Set.of("cifs", "smb3", "nfs", "nfs4", "9p", "drvfs", "fuseblk", "ntfs3", "exfat", "vfat");

  /** NTFS journals names itself, and Java cannot open a directory there. */
  DirectorySync NONE = _ -> {};

  void sync(Path directory) throws IOException;

  /**
   * Waits until all that was written to the directory's file system is on the disk; false where
   * nothing does that, so that each file has to be synced.
   */
  default boolean syncAll(Path directory) throws IOException {
    return false;
  }

  /**
   * Restricts a new root and its future contents to its owner and administrators, on systems where
   * a mode cannot.
   */
  default void protect(Path root) throws IOException {}

  /**
   * Refuses a root with content that somebody else may have made, where the system lets everybody
   * make it.
   */
  default void requireOwn(Path root) throws IOException {}

  /** Why the system cannot have a file or directory of this name; empty if it can. */
  default Optional<String> whyUnusable(String name) {
    return Optional.empty();
  }

  /**
   * The name that a file has, which may be spelled otherwise where upper and lower case are one.
   */
  default String spelling(Path file) throws IOException {
    return String.valueOf(file.getFileName());
  }

  /** Whether Windows may read the directory as well, on a share or a disk of its own. */
  default boolean isSharedWithWindows(Path directory) throws IOException {
    return OF_WINDOWS.contains(Files.getFileStore(directory).type());
  }
}
