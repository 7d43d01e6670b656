package dev.keg.linux.mount;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemCalls;
import java.nio.file.Path;

/** Opens files only for use in other calls. */
final class LocationOpener {
  private final FileSystemCalls files;

  LocationOpener(FileSystemCalls files) {
    this.files = files;
  }

  Fd open(FileLocation location) throws ErrnoException {
    return switch (location) {
      case FileLocation.Anywhere(var path) -> files.open(path, FileSystemCalls.OpenMode.LOOK);
      case FileLocation.Open(var fd) -> fd.borrowed();
      case FileLocation.Exactly(var path) -> openExact(path);
      case FileLocation.Beneath(var root, var path) -> {
        try (Fd directory = files.open(root, FileSystemCalls.OpenMode.LOOK)) {
          yield files.openBelow(directory, path, FileSystemCalls.Scope.BENEATH);
        } catch (ErrnoException e) {
          throw e.errno() == Errno.ENOSYS
              ? new ErrnoException(e.call(), path, e.errno(), "this needs Linux 5.6")
              : e;
        }
      }
    };
  }

  /** Before Linux 5.6, a link in the path cannot be detected. */
  Fd openExact(Path path) throws ErrnoException {
    try {
      return files.openExact(path);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOSYS) {
        throw e;
      }
      return files.open(path, FileSystemCalls.OpenMode.LOOK);
    }
  }
}
