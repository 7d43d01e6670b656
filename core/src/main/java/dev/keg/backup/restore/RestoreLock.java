package dev.keg.backup.restore;

import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.file.FileFailures;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * One restore of a volume at a time, for as long as it takes; the volume's own lock is shared with
 * other volumes and held for moments only. The system releases it when a process dies.
 */
record RestoreLock(Path file, FileChannel channel) implements AutoCloseable {
  private static final String NAME = "restore.lock";

  static RestoreLock take(VolumeName volume, VolumeHome home) {
    Path file = home.file(NAME);
    return FileFailures.translate(
        "lock",
        file,
        () -> {
          FileChannel channel =
              FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          if (!isTaken(channel)) {
            channel.close();
            throw new RestoreFailed(
                volume.text(), "another restore of this volume is running", null);
          }
          return new RestoreLock(file, channel);
        });
  }

  private static boolean isTaken(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }

  @Override
  public void close() {
    FileFailures.run("unlock", file, channel::close);
  }
}
