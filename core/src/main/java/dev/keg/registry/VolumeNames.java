package dev.keg.registry;

import dev.keg.file.DirectoryEntries;
import dev.keg.file.FileFailures;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** Reads the names of volumes from the directory they lie in. */
record VolumeNames(RegistryLayout layout) {
  /** The volumes directory may be a file system of its own. */
  private static final String LOST_AND_FOUND = "lost+found";

  /** The names in docker's order; the volumes themselves are not opened. */
  List<VolumeName> names() {
    List<String> entries = all();
    boolean pure = areDirectories(entries.size());
    return entries.stream()
        .flatMap(name -> VolumeName.lookup(name).stream())
        .filter(name -> pure || isDirectory(layout.home(name).path()))
        .toList();
  }

  /** Whatever lies there and could be a volume, also under names that no volume can have. */
  List<String> entries() {
    return all().stream().filter(name -> !name.equals(LOST_AND_FOUND)).toList();
  }

  private List<String> all() {
    List<Path> entries =
        FileFailures.translate(
            "list volumes", layout.volumes(), () -> DirectoryEntries.of(layout.volumes()));
    return VolumeName.inOrder(
        entries.stream().map(entry -> entry.getFileName().toString()).toList());
  }

  /**
   * Whether all of that many entries are directories. Many file systems tell without a look at
   * each: a directory has one link from its parent, one from itself, and one from each directory in
   * it.
   */
  private boolean areDirectories(int entries) {
    try {
      return Files.getAttribute(layout.volumes(), "unix:nlink").equals(entries + 2);
    } catch (UnsupportedOperationException | IllegalArgumentException | IOException e) {
      return false; // Then each of them has to be looked at.
    }
  }

  static boolean isDirectory(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }
}
