package dev.keg.registry;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes the names in a directory survive a power failure. */
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
}
