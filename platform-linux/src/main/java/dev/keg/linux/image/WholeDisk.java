package dev.keg.linux.image;

import dev.keg.disk.Disk;
import dev.keg.disk.DiskChain;
import dev.keg.disk.DiskException;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.content.FileSystemUuid;
import dev.keg.driver.Disks.OpenDisk;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.file.DirectorySync;
import dev.keg.linux.driver.Kernel;
import dev.keg.volume.VolumeHome;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Saves a disk unchanged, in its format and with its holes, and replaces it by a restored one. The
 * disks that it is built on are saved with it.
 */
record WholeDisk(Kernel kernel, NbdDevices nbd, DiskChildren children, VolumeName name) {
  private static final String BASE = "base-";

  /**
   * Why the host cannot read the files on the disk, or would miss attributes that Windows stores.
   */
  Optional<String> whyNoFiles(DiskFile file) throws IOException {
    if (file.isEncrypted()) {
      return Optional.of("it is encrypted");
    }
    Disk disk = DiskChain.of(file.path(), file.format()).top();
    Optional<Boolean> ntfs;
    if (disk.contiguous().isPresent()) {
      ntfs =
          Superblock.find(file.path(), disk.contiguous().getAsLong())
              .map(found -> found.kind() == Superblock.NTFS);
    } else if (nbd.exist()) {
      ntfs = FileSystemUuid.find(file.path(), file.format()).map(FileSystemUuid::isOfNtfs);
    } else {
      return Optional.of("this kernel has no nbd");
    }
    if (ntfs.isEmpty()) {
      return Optional.of("there is no file system at the start of the disk");
    }
    return ntfs.get()
        ? Optional.of("files of NTFS have access control lists that Linux does not show")
        : Optional.empty();
  }

  OpenDisk open(DiskFile file, VolumeHome home) throws IOException {
    Path directory = file.path().resolveSibling("");
    var names = new TreeMap<String, String>();
    for (DiskChain.Link parent : DiskChain.of(file.path(), file.format()).parents()) {
      String base = String.valueOf(parent.file().getFileName());
      if (file.isAdopted(home) || !base.startsWith(BASE) || !isIn(home.path(), parent.file())) {
        throw new NotSupported(
            "backup",
            name.text(),
            "its disk is built on " + parent.file() + "; `keg create -o from=` makes a whole copy");
      }
      names.put(base, base);
    }
    names.put(
        String.valueOf(DiskFile.of(home, file.format()).path().getFileName()),
        String.valueOf(file.path().getFileName()));
    QemuLocks.Reading hold = QemuLocks.read(file.path());
    return new OpenDisk(directory, names, hold::close);
  }

  private static boolean isIn(Path directory, Path file) throws IOException {
    return Files.isSameFile(file.resolveSibling(""), directory);
  }

  /** Makes the disk in the staging directory the home's disk. */
  void replace(VolumeHome home, Path stage) throws IOException {
    List<Path> bases = new ArrayList<>();
    DiskFile restored = restored(stage, bases);
    Optional<DiskFile> current = DiskFile.in(home);
    if (current.isPresent()) {
      requireReplaceable(current.get(), restored, bases, home);
    } else {
      Files.createDirectories(home.data());
    }
    for (Path base : bases) {
      move(base, home.file(String.valueOf(base.getFileName())));
    }
    Path place = DiskFile.of(home, restored.format()).path();
    sync(restored.path());
    if (current.isPresent() && current.get().isAdopted(home)) {
      DiskCopies.replace(current.get(), home, restored.path());
      DirectorySync.FSYNC.sync(current.get().path().resolveSibling(""));
    } else {
      move(restored.path(), place);
    }
  }

  /** The disk in the staging directory. The archive is not trusted: no link may lead outside. */
  private static DiskFile restored(Path stage, List<Path> bases) throws IOException {
    List<DiskFile> disks = new ArrayList<>();
    try (Stream<Path> files = Files.list(stage)) {
      for (Path file : files.toList()) {
        String fileName = String.valueOf(file.getFileName());
        Optional<DiskFormat> format =
            fileName.startsWith("disk.")
                ? DiskFormat.ofWord(fileName.substring("disk.".length()))
                : Optional.empty();
        boolean known = format.isPresent() || fileName.startsWith(BASE);
        if (!known || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          throw new DiskException(file, "it is not part of a disk");
        }
        format.ifPresentOrElse(f -> disks.add(new DiskFile(file, f)), () -> bases.add(file));
      }
    }
    if (disks.size() != 1) {
      throw new DiskException(stage, "it holds %d disks, not one".formatted(disks.size()));
    }
    DiskFile disk = disks.getFirst();
    for (DiskChain.Link parent : DiskChain.of(disk.path(), disk.format()).parents()) {
      if (!isIn(stage, parent.file())) {
        throw new DiskException(disk.path(), "it refers to " + parent.file() + " of the host");
      }
    }
    return disk;
  }

  private void requireReplaceable(
      DiskFile current, DiskFile restored, List<Path> bases, VolumeHome home) throws IOException {
    if (children.has(current, home)) {
      throw new NotSupported("restore", name.text(), "other volumes are built on its disk");
    }
    boolean plain = bases.isEmpty() && Disk.of(current.path(), current.format()).parent().isEmpty();
    boolean alike = plain || (!bases.isEmpty() && areIn(home, bases));
    if (!alike || current.format() != restored.format()) {
      throw new NotSupported(
          "restore",
          name.text(),
          "the disk of the backup is of another kind; --to restores it to a new volume");
    }
    QemuLocks.refuseOpen(current.path(), false);
  }

  /** Whether the home has the same base files, as the disk of a snapshot does. */
  private static boolean areIn(VolumeHome home, List<Path> bases) throws IOException {
    for (Path base : bases) {
      Path own = home.file(String.valueOf(base.getFileName()));
      if (!Files.exists(own) || !Files.isSameFile(own, base)) {
        return false;
      }
    }
    return true;
  }

  private static void move(Path from, Path to) throws IOException {
    Files.setPosixFilePermissions(from, PosixFilePermissions.fromString("rw-------"));
    sync(from);
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
