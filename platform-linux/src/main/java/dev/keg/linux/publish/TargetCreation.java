package dev.keg.linux.publish;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Makes the directories and files that a mount needs as its mount point, and removes them again.
 * Each is reached from its parent, which is opened without following links.
 */
final class TargetCreation {
  private static final int MODE = 0755;
  // EBUSY: something is mounted on it. EISDIR, ELOOP, ENOTDIR: somebody put another file in its
  // place.
  private static final Set<Integer> IN_USE_OR_GONE =
      Set.of(Errno.ENOENT, Errno.ENOTEMPTY, Errno.EBUSY, Errno.EISDIR, Errno.ELOOP, Errno.ENOTDIR);
  private static final Set<PosixFilePermission> PERMISSIONS =
      PosixFilePermissions.fromString("rwxr-xr-x");

  private final FileSystemCalls files;

  TargetCreation(FileSystemCalls files) {
    this.files = files;
  }

  /**
   * Makes them in order; if somebody else made one meanwhile, it is used if it is of the right
   * kind.
   */
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

  // The umask restricts files for this process's user, but a container's users must get through.
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

  /** Removes those that still exist, are empty and are not mount points, the last one first. */
  void unmake(List<Path> made) throws ErrnoException, IOException {
    for (Path path : made.reversed()) {
      try (Fd parent = files.openExact(Objects.requireNonNull(path.getParent()))) {
        remove(parent, path.getFileName().toString());
      } catch (ErrnoException e) {
        if (!IN_USE_OR_GONE.contains(e.errno())) {
          throw e;
        }
      }
    }
  }

  private void remove(Fd parent, String name) throws ErrnoException, IOException {
    Path path = Path.of(parent.path()).resolve(name);
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      files.removeDirectory(parent, name);
    } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && Files.size(path) == 0) {
      files.removeFile(parent, name);
    }
  }
}
