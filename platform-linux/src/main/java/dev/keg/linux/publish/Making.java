package dev.keg.linux.publish;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemCalls;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Makes the directories and files that a mount needs to be mounted on, and removes them again. Each
 * is reached from its parent, opened by a path in which no link is followed.
 */
final class Making {
  private static final int MODE = 0755;
  private static final Set<PosixFilePermission> PERMISSIONS =
      PosixFilePermissions.fromString("rwxr-xr-x");

  private final FileSystemCalls files;

  Making(FileSystemCalls files) {
    this.files = files;
  }

  /** Makes them in order; what somebody else made meanwhile is fine if it is of that kind. */
  void make(List<Path> missing, boolean directory) throws ErrnoException, IOException {
    for (Path path : missing) {
      make(path, directory || !path.equals(missing.getLast()));
    }
  }

  private void make(Path path, boolean directory) throws ErrnoException, IOException {
    String name = path.getFileName().toString();
    try (Fd parent = files.openExact(Objects.requireNonNull(path.getParent()))) {
      if (directory) {
        files.makeDirectory(parent, name, MODE);
      } else {
        files.makeFile(parent, name, MODE);
      }
      unmask(path);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EEXIST || !isOfKind(path, directory)) {
        throw e;
      }
    }
  }

  // The umask was for files of this process's user; a container's users must get through.
  private void unmask(Path path) throws ErrnoException, IOException {
    try (Fd made = files.openExact(path)) {
      Files.setPosixFilePermissions(Path.of(made.path()), PERMISSIONS);
    }
  }

  private boolean isOfKind(Path path, boolean directory) throws ErrnoException {
    try (Fd there = files.openExact(path)) {
      Path open = Path.of(there.path());
      return directory ? Files.isDirectory(open) : Files.isRegularFile(open);
    }
  }

  /** Removes them, the last first, as far as they are there, empty and not mounted on. */
  void unmake(List<Path> made) throws ErrnoException, IOException {
    for (Path path : made.reversed()) {
      try (Fd parent = files.openExact(Objects.requireNonNull(path.getParent()))) {
        remove(Path.of(parent.path()).resolve(path.getFileName()));
      } catch (ErrnoException e) {
        if (e.errno() != Errno.ENOENT && e.errno() != Errno.ELOOP && e.errno() != Errno.ENOTDIR) {
          throw e;
        }
      }
    }
  }

  private static void remove(Path path) throws IOException {
    try {
      boolean file = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
      boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
      if (directory || (file && Files.size(path) == 0)) {
        Files.delete(path);
      }
    } catch (NoSuchFileException | DirectoryNotEmptyException _) {
      return; // Gone, or used by somebody.
    } catch (FileSystemException e) {
      // Something is mounted on it.
      if (!"Device or resource busy".equals(e.getReason())) {
        throw e;
      }
    }
  }
}
