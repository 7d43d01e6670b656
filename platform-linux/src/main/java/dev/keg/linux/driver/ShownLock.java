package dev.keg.linux.driver;

import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;

/**
 * Lets only one command at a time mount the image of a snapshot, since the first mount replays the
 * journal of a file system that was not unmounted.
 */
public final class ShownLock {
  private static final String NAME = "shown.lock";

  private ShownLock() {}

  public static <T> T during(VolumeHome snapshot, DriverOperation.Call<T> mounting)
      throws ErrnoException, ToolException, IOException {
    synchronized (ShownLock.class) { // File locks belong to the process.
      try (FileChannel channel =
              FileChannel.open(
                  snapshot.file(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock _ = channel.lock()) {
        return mounting.run();
      }
    }
  }
}
