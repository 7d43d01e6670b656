package dev.keg.linux.image;

import dev.keg.disk.DiskException;
import dev.keg.driver.DriverOptions;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.file.CreationMode;
import dev.keg.file.DirectoryEntries;
import dev.keg.file.DirectorySync;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Puts a new disk where the operator wants it. From then on it is treated like an adopted disk: the
 * home has a link to it, and removing the volume keeps it.
 */
record DiskPlace(Path path) {
  private static final int BLOCK = 64 << 10;

  /** The path that the options give for the disk; empty if it stays in the volume's home. */
  static Optional<DiskPlace> of(DriverOptions options) {
    if (!options.has("path")) {
      return Optional.empty();
    }
    Path path = Path.of(options.require("path"));
    if (!path.isAbsolute() || !Files.isDirectory(path.normalize().resolveSibling(""))) {
      throw options.invalid("path", "an absolute path in a directory that exists");
    }
    if (options.has("backing")) {
      throw options.invalid("path", "a disk that is not built on another; leave out backing");
    }
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw taken(options, path);
    }
    return Optional.of(new DiskPlace(path.normalize()));
  }

  private static InvalidOption taken(DriverOptions options, Path path) {
    return new InvalidOption(
        options.volume().text(),
        "invalid path: '" + path + "' exists",
        "`keg adopt --name %s %s` makes a volume of it".formatted(options.volume(), path));
  }

  /**
   * Moves the disk from the home to this path. Never replaces a file, even one that appears
   * meanwhile.
   */
  void take(DiskFile disk, VolumeHome home, DriverOptions options) throws IOException {
    try {
      if (isBeside(disk.path())) {
        Files.createLink(path, disk.path());
      } else {
        copy(disk.path());
      }
    } catch (FileAlreadyExistsException _) {
      throw taken(options, path);
    }
    try {
      DirectorySync.FSYNC.sync(path.resolveSibling(""));
      Files.delete(disk.path());
      Files.createSymbolicLink(DiskFile.of(home, disk.format()).path(), path);
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  // If a killed command leaves a second link, it is in the staging directory, which is swept.
  private boolean isBeside(Path disk) throws IOException {
    return Files.getFileStore(disk).equals(Files.getFileStore(path.resolveSibling("")));
  }

  private void copy(Path disk) throws IOException {
    String prefix = "." + path.getFileName() + ".keg-new-";
    for (Path file : DirectoryEntries.of(path.resolveSibling(""))) {
      if (String.valueOf(file.getFileName()).startsWith(prefix)) {
        sweep(file);
      }
    }
    // A new random name: a draft that another command sweeps before it is locked must not reappear
    // as that command's.
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    Path draft = path.resolveSibling(prefix + random);
    try (FileChannel from = FileChannel.open(disk, StandardOpenOption.READ);
        FileChannel to =
            FileChannel.open(
                draft,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                CreationMode.ownersFile(draft))) {
      try {
        if (to.tryLock() == null) {
          throw inUse();
        }
        sparse(from, to);
        to.force(true);
        Files.createLink(path, draft);
      } finally {
        Files.deleteIfExists(draft);
      }
    }
  }

  /** Deletes the copy that a killed command left; a running command has its copy locked. */
  private void sweep(Path draft) throws IOException {
    if (!Files.isRegularFile(draft, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (FileChannel left =
        FileChannel.open(draft, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      if (left.tryLock() == null) {
        throw inUse();
      }
      Files.delete(draft);
    } catch (OverlappingFileLockException _) {
      throw inUse();
    }
  }

  private DiskException inUse() {
    return new DiskException(path, "another command creates it");
  }

  /** Copies everything but zeros. */
  private static void sparse(FileChannel from, FileChannel to) throws IOException {
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    ByteBuffer zeros = ByteBuffer.allocateDirect(BLOCK);
    long size = from.size();
    long at = 0;
    while (from.read(block.clear(), at) > 0) {
      int length = block.flip().limit();
      // Writing the last block gives the copy its length.
      if (at + length >= size || !block.equals(zeros.clear().limit(length))) {
        write(block, to, at);
      }
      at += length;
    }
  }

  private static void write(ByteBuffer block, FileChannel to, long at) throws IOException {
    long position = at;
    while (block.hasRemaining()) {
      position += to.write(block, position);
    }
  }
}
