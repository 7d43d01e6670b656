package dev.keg.linux.image;

import dev.keg.disk.BlankDisk;
import dev.keg.disk.Disk;
import dev.keg.disk.DiskException;
import dev.keg.disk.DiskFormat;
import dev.keg.disk.DiskKind;
import dev.keg.disk.DiskWriter;
import dev.keg.driver.Disks.OpenDisk;
import dev.keg.file.FileFailures;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Size;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Disks beside a volume's own: empty ones into which a running machine copies its disk, and
 * restored ones that replace it. They have the owner and mode of the disk, since the machine may
 * not write elsewhere. A lock in the home tells a copy in use from one that a killed command left.
 */
record DiskCopies(Kernel kernel) {
  private static final String SUFFIX = ".keg-copy";
  private static final String DRAFT = "disk-copy.new";
  private static final String LOCK = "disk-copy.lock";

  private static Path beside(DiskFile file) {
    return file.path().resolveSibling("." + file.path().getFileName() + SUFFIX);
  }

  /** Creates an empty disk in the given format, which may differ from the file's. */
  OpenDisk make(DiskFile file, VolumeHome home, DiskFormat format)
      throws IOException, ToolException {
    if (file.isEncrypted()) {
      throw new DiskException(
          file.path(), "it is encrypted, and the running machine would copy it decrypted");
    }
    Path copy = beside(file);
    FileChannel lock = lock(home).orElseThrow(() -> inUse(file));
    try {
      Files.deleteIfExists(copy); // a killed command may have left it
      blank(copy, home, format, Disk.of(file.path(), file.format()).size());
      own(file.path(), copy);
    } catch (IOException | ToolException | RuntimeException e) {
      remove(lock, copy);
      throw e;
    }
    String inBackup = String.valueOf(DiskFile.of(home, file.format()).path().getFileName());
    return new OpenDisk(
        file.path().resolveSibling(""),
        new TreeMap<>(Map.of(inBackup, String.valueOf(copy.getFileName()))),
        () -> FileFailures.run("remove", copy, () -> remove(lock, copy)));
  }

  /** Replaces the volume's disk in one step by another, possibly from another file system. */
  static void replace(DiskFile file, VolumeHome home, Path disk) throws IOException {
    Path copy = beside(file);
    FileChannel lock = lock(home).orElseThrow(() -> inUse(file));
    try {
      Files.deleteIfExists(copy); // a killed command may have left it
      Files.move(disk, copy);
      WholeDisk.sync(copy);
      Files.move(
          copy, file.path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      remove(lock, copy);
    }
  }

  /**
   * The most space that a copy can take.
   *
   * @param own the size of the disk without those that it is built on
   */
  Size room(Size own, VolumeHome home) throws IOException, ErrnoException {
    long bytes = own.bytes();
    for (Path base : DiskChildren.foundations(home)) {
      bytes += kernel.files().occupied(base);
    }
    return new Size(bytes);
  }

  private static DiskException inUse(DiskFile file) {
    return new DiskException(file.path(), "another backup copies it from the running machine");
  }

  /** A copy that a killed command left; a running backup holds the lock. */
  Optional<Path> abandoned(DiskFile file, VolumeHome home) throws IOException {
    Path copy = beside(file);
    if (!Files.isRegularFile(copy, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    Optional<FileChannel> lock = lock(home);
    if (lock.isEmpty()) {
      return Optional.empty();
    }
    lock.get().close();
    return Optional.of(copy);
  }

  void removeAbandoned(DiskFile file, VolumeHome home) throws IOException {
    Optional<FileChannel> lock = lock(home);
    if (lock.isPresent()) {
      remove(lock.get(), beside(file));
    }
  }

  private static Optional<FileChannel> lock(VolumeHome home) throws IOException {
    FileChannel channel =
        FileChannel.open(home.file(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return Optional.of(channel);
      }
    } catch (OverlappingFileLockException _) {
      // This process holds the lock.
    }
    channel.close();
    return Optional.empty();
  }

  private static void remove(FileChannel lock, Path copy) throws IOException {
    try (lock) {
      Files.deleteIfExists(copy);
    }
  }

  // The machine's user may write beside the disk and could plant a link there for programs that run
  // as root; the home belongs to root. DiskWriter only creates new files.
  private void blank(Path copy, VolumeHome home, DiskFormat format, Size size)
      throws IOException, ToolException {
    switch (format) {
      case QCOW2 -> {
        Path draft = home.file(DRAFT);
        Files.deleteIfExists(draft); // a killed command may have left it
        run("qemu-img", "create", "-q", "-f", "qcow2", draft.toString(), "" + size.bytes());
        Files.move(draft, copy);
      }
      case RAW, VHD, VHDX ->
          new DiskWriter(UUID::randomUUID, Clock.systemUTC())
              .blank(copy, new BlankDisk(format, DiskKind.DYNAMIC, size));
      case LUKS, ISO -> throw new DiskException(copy, "disks of this format cannot be copied");
    }
  }

  private static void own(Path disk, Path copy) throws IOException {
    LinkOption itself = LinkOption.NOFOLLOW_LINKS;
    Files.getFileAttributeView(copy, PosixFileAttributeView.class, itself)
        .setPermissions(Files.getPosixFilePermissions(disk));
    for (String id : List.of("unix:gid", "unix:uid")) {
      Object wanted = Files.getAttribute(disk, id);
      if (!wanted.equals(Files.getAttribute(copy, id, itself))) {
        Files.setAttribute(copy, id, wanted, itself);
      }
    }
  }

  private void run(String program, String... words) throws ToolException {
    String _ = kernel.tools().run(Tool.of(program, words).patiently());
  }
}
