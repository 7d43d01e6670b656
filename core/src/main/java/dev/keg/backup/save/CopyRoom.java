package dev.keg.backup.save;

import dev.keg.error.BackupException.BackupFailed;
import dev.keg.file.FileFailures;
import dev.keg.machine.DiskRoom;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The space for copies beside disks, which the machine itself also writes to. */
final class CopyRoom {
  private final Map<FileStore, Long> needed = new HashMap<>();

  /** Counts a copy; refuses one that, together with those before, would leave too little space. */
  void require(VolumeName volume, Path directory, Size size) {
    FileFailures.run("measure", directory, () -> measure(volume, directory, size));
  }

  private void measure(VolumeName volume, Path directory, Size size) throws IOException {
    FileStore store = Files.getFileStore(directory);
    long copies = needed.merge(store, size.bytes(), Long::sum);
    Size all = new Size(copies + DiskRoom.reserve(store).bytes());
    Size free = new Size(store.getUsableSpace());
    if (all.bytes() > free.bytes()) {
      throw new BackupFailed(
          volume.text(),
          "a copy beside the disk needs %s, but only %s is free"
              .formatted(all.human(), free.human()),
          "free some space; nothing was changed");
    }
  }
}
