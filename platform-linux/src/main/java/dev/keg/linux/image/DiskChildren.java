package dev.keg.linux.image;

import dev.keg.disk.DiskChain;
import dev.keg.driver.DriverContext.VolumeHomes;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the disks that are built on others. A child refers to a volume's own disk by a hard link;
 * it may refer to an adopted disk by path if it was created before the adoption.
 */
record DiskChildren(VolumeHomes homes) {
  /** Whether the disk has children, so that it must not change. */
  boolean has(DiskFile file, VolumeHome home) throws IOException {
    return file.hasChildren() || !byPath(file, home).isEmpty();
  }

  /** The volumes that refer to the disk by its path, including unfinished ones. */
  List<VolumeName> byPath(DiskFile file, VolumeHome home) throws IOException {
    List<VolumeName> children = new ArrayList<>();
    if (file.isAdopted(home)) {
      List<VolumeHome> others = new ArrayList<>(homes.unfinished());
      others.addAll(homes.all());
      for (VolumeHome other : others) {
        Optional<DiskFile> disk = DiskFile.in(other);
        if (disk.isPresent()
            && DiskChain.needs(disk.get().path(), disk.get().format(), file.path())) {
          children.add(new VolumeName(String.valueOf(other.path().getFileName())));
        }
      }
    }
    return children;
  }

  /** The disks that the home's disk is built on. */
  static List<Path> foundations(VolumeHome home) throws IOException {
    Optional<DiskFile> disk = DiskFile.in(home);
    if (disk.isEmpty()) {
      return List.of();
    }
    return DiskChain.of(disk.get().path(), disk.get().format()).parents().stream()
        .map(DiskChain.Link::file)
        .toList();
  }
}
