package dev.keg.file;

import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** The permissions of new files, on file systems that have permissions. */
public final class CreationMode {
  private CreationMode() {}

  /** A file for its owner alone. */
  public static FileAttribute<?>[] ownersFile(Path file) {
    return of(file, "rw-------");
  }

  /** A directory for its owner alone. */
  public static FileAttribute<?>[] ownersDirectory(Path directory) {
    return of(directory, "rwx------");
  }

  /** In the notation of {@code ls -l}; the umask may remove some of them. */
  public static FileAttribute<?>[] of(Path file, String permissions) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
