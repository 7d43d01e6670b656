package dev.keg.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What the system does for directories: makes the names in one survive a power failure, above all.
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

  /** NTFS logs names itself, and Java cannot open a directory there. */
  DirectorySync NONE = _ -> {};

  void sync(Path directory) throws IOException;

  /**
   * Lets nobody but its owner and administrators into a new root and all that will be in it, where
   * a mode cannot say so.
   */
  default void protect(Path root) throws IOException {}
}
