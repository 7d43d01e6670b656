package dev.keg.registry;

import dev.keg.file.DirectoryEntries;
import dev.keg.file.DirectorySync;
import dev.keg.file.FileFailures;
import dev.keg.registry.pool.Place;
import dev.keg.volume.PoolName;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Reads the names of volumes from their directory. */
record VolumeNames(RegistryLayout layout, DirectorySync sync) {
  /** The volumes directory may be a file system of its own. */
  private static final String LOST_AND_FOUND = "lost+found";

  /** Examining fewer entries takes less time than loading the native calls. */
  private static final int MANY = 4096;

  /** The names in docker's order; the volumes themselves are not opened. */
  List<VolumeName> names() {
    List<VolumeName> names = new ArrayList<>();
    for (String name : VolumeName.inOrder(with(directories(), pooled()))) {
      VolumeName.lookup(name).ifPresent(names::add);
    }
    return names;
  }

  private List<String> directories() {
    List<String> own = own();
    if (areDirectories(own.size())) {
      return own;
    }
    return own.size() < MANY
        ? own.stream().filter(name -> isDirectory(layout.volumes().resolve(name))).toList()
        : FileFailures.translate(
            "list volumes", layout.volumes(), () -> sync.directories(layout.volumes()));
  }

  private static Collection<String> with(List<String> own, List<String> pooled) {
    return pooled.isEmpty()
        ? own
        : Stream.concat(own.stream(), pooled.stream()).distinct().toList();
  }

  /** The names of volumes in available pools. */
  private List<String> pooled() {
    List<String> names = layout.places().names();
    if (names.isEmpty()) {
      return names;
    }
    List<Place> present = layout.places().present();
    return names.stream()
        .filter(name -> VolumeName.lookup(name).filter(volume -> isIn(volume, present)).isPresent())
        .toList();
  }

  private boolean isIn(VolumeName name, List<Place> present) {
    PoolName pool = layout.places().poolOf(name);
    return present.stream()
        .anyMatch(place -> place.pool().equals(pool) && isDirectory(place.home(name).path()));
  }

  /** All entries that could be volumes, including those with invalid names. */
  List<String> entries() {
    List<String> own = own();
    own.remove(LOST_AND_FOUND);
    return VolumeName.inOrder(with(own, layout.places().names()));
  }

  private List<String> own() {
    return FileFailures.translate(
        "list volumes",
        layout.volumes(),
        () -> new ArrayList<>(DirectoryEntries.names(layout.volumes())));
  }

  /**
   * Whether all of this many entries are directories. On many file systems, the directory's own
   * link count tells: it has one link from its parent, one from itself, and one from each directory
   * in it. Btrfs does not count links, and ext4 stops at 65,000.
   */
  private boolean areDirectories(int entries) {
    try {
      return Files.getAttribute(layout.volumes(), "unix:nlink").equals(entries + 2);
    } catch (UnsupportedOperationException | IllegalArgumentException | IOException e) {
      return false; // each of them is examined instead
    }
  }

  static boolean isDirectory(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }
}
