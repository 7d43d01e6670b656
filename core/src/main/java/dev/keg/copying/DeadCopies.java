package dev.keg.copying;

import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.file.TreeDeletion;
import dev.keg.registry.journal.OwnNames;
import dev.keg.registry.lock.CopyLock;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The remains of killed copies in a volume.
 *
 * @param data the directory where the volume is visible
 */
public record DeadCopies(VolumeHome home, Path data) {
  /**
   * Their directories; empty while a running copy, which has such a directory itself, uses the
   * volume.
   */
  public List<Path> find() {
    List<Path> found = new ArrayList<>();
    if (!directories().isEmpty()) {
      CopyLock.ifFree(home, () -> found.addAll(directories()));
    }
    return found;
  }

  /** Removes them, unless a copy is running there. */
  public void remove() {
    CopyLock.ifFree(home, this::delete);
  }

  /** Removes them, and protects the caller's own stage until the result is closed. */
  CopyLock removeAndBegin() {
    return CopyLock.share(home, this::delete);
  }

  private void delete() {
    for (Path directory : directories()) {
      FileFailures.run(
          "remove", directory, () -> TreeDeletion.deleteIn(data, directory.getFileName()));
    }
  }

  private List<Path> directories() {
    return FileFailures.translate("list", data, this::list);
  }

  private List<Path> list() throws IOException {
    return DirectoryEntries.of(data).stream()
        .filter(entry -> OwnNames.isCopy(entry.getFileName().toString()))
        .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
        .sorted()
        .toList();
  }
}
