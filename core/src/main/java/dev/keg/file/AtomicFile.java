package dev.keg.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The only way Keg writes its own files: write and sync the whole file under another name, rename
 * it, sync the directory. A reader sees the old content or the new, even after a power failure.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** Replaces the target; the draft is on the same file system and is gone afterwards. */
  public static void replace(Path target, Path draft, byte[] content, DirectorySync sync)
      throws IOException {
    replace(target, draft, sync, () -> writeNew(draft, content));
  }

  /** The same for a file without secrets, which every user may read. */
  public static void replaceForAll(Path target, Path draft, byte[] content, DirectorySync sync)
      throws IOException {
    replace(
        target,
        draft,
        sync,
        () -> {
          writeNew(draft, content);
          if (draft.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
          }
        });
  }

  private static void replace(
      Path target, Path draft, DirectorySync sync, FileFailures.FileAction making)
      throws IOException {
    try {
      making.run();
      Files.move(
          draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      deleteAfter(e, draft);
      throw e;
    }
    sync.sync(parent(target));
  }

  /**
   * Replaces the target without waiting for the disk, for files that a reboot invalidates anyway. A
   * power failure may leave it empty.
   */
  public static void replaceUnsynced(Path target, Path draft, byte[] content) throws IOException {
    try {
      write(draft, content, false);
      Files.move(
          draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      deleteAfter(e, draft);
      throw e;
    }
  }

  /** Writes and syncs a new file. It may contain secret options, so only its owner can read it. */
  public static void writeNew(Path file, byte[] content) throws IOException {
    write(file, content, true);
  }

  /** The same without waiting for the disk; {@link #sync} follows. */
  public static void writeUnsynced(Path file, byte[] content) throws IOException {
    write(file, content, false);
  }

  /** Waits until the file is on the disk. */
  public static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void write(Path file, byte[] content, boolean sync) throws IOException {
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(file, options, CreationMode.ownersFile(file))) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      if (sync) {
        channel.force(true);
      }
    }
  }

  private static void deleteAfter(IOException failure, Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static Path parent(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " has no parent");
    }
    return parent;
  }
}
