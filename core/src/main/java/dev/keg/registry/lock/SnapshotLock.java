package dev.keg.registry.lock;

import dev.keg.error.HolderException.SnapshotInUse;
import dev.keg.file.FileFailures;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The commands that read a snapshot share this lock, so that nobody removes it meanwhile. The
 * kernel releases it when a process dies. It is taken under the volume's lock.
 */
public record SnapshotLock(Path file, FileChannel channel) implements AutoCloseable {
  private static final String NAME = "read.lock";

  /** The empty file in the home of each snapshot. */
  public static Path file(VolumeHome snapshot) {
    return snapshot.file(NAME);
  }

  public static SnapshotLock share(VolumeHome snapshot) {
    Path file = snapshot.file(NAME);
    return FileFailures.translate(
        "lock",
        file,
        () -> {
          FileChannel channel = open(file);
          try {
            FileLock _ = channel.lock(0, Long.MAX_VALUE, true);
          } catch (OverlappingFileLockException _) {
            // This process is already reading it.
          } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
          }
          return new SnapshotLock(file, channel);
        });
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** Refuses a snapshot that somebody is reading. */
  public static void requireFree(String operation, String subject, VolumeHome snapshot) {
    Path file = snapshot.file(NAME);
    boolean free =
        !Files.exists(file)
            || FileFailures.<Boolean>translate(
                "lock",
                file,
                () -> {
                  try (FileChannel channel = open(file)) {
                    @Nullable FileLock alone = channel.tryLock();
                    return alone != null;
                  } catch (OverlappingFileLockException _) {
                    return false;
                  }
                });
    if (!free) {
      throw new SnapshotInUse(operation, subject, List.of());
    }
  }

  @Override
  public void close() {
    FileFailures.run("unlock", file, channel::close);
  }
}
