package dev.keg.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

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

  /** NTFS journals names itself, and Java cannot open a directory there. */
  DirectorySync NONE = _ -> {};

  void sync(Path directory) throws IOException;

  /**
   * Restricts a new root and its future contents to its owner and administrators, on systems where
   * a mode cannot.
   */
  default void protect(Path root) throws IOException {}
}
