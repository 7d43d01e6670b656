package dev.keg.linux.tree;

import dev.keg.file.Subvolumes;
import dev.keg.file.TreeDeletion;
import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Uapi;
import dev.keg.linux.kernel.file.SubvolumeKernel;
import dev.keg.linux.mount.ProcMounts;
import dev.keg.tree.ByteString;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/** The subvolumes of btrfs. On other file systems this makes no native calls. */
public final class LinuxSubvolumes implements Subvolumes {
  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rwx------");

  /** Without permission to create or nest a subvolume, the caller creates a directory. */
  @Override
  public boolean make(Path directory) {
    Path parent = directory.resolveSibling("");
    try {
      if (!mayBeOnBtrfs(parent)) {
        return false;
      }
      SubvolumeKernel kernel = SubvolumeKernel.ofThread();
      int in = kernel.openRoot(parent);
      try {
        kernel.make(in, name(directory));
        if (isComplete(kernel, in, directory)) {
          return true;
        }
        Files.delete(directory);
        return false;
      } finally {
        kernel.close(in);
      }
    } catch (IOException | ErrnoException _) {
      return false; // creating a directory instead succeeds, or reports the failure
    }
  }

  private static boolean isComplete(SubvolumeKernel kernel, int in, Path directory)
      throws IOException {
    try {
      int made = kernel.openDirectory(in, name(directory));
      try {
        Files.setPosixFilePermissions(directory, OWNERS);
        return kernel.inherit(in, made);
      } finally {
        kernel.close(made);
      }
    } catch (ErrnoException _) {
      return false;
    }
  }

  // Directories on btrfs have a link count of one, like few others; finding the mount is slower.
  private static boolean mayBeOnBtrfs(Path directory) throws IOException {
    return isLinux(directory)
        && Files.getAttribute(directory, "unix:nlink").equals(1)
        && Files.getFileStore(directory).type().equals("btrfs");
  }

  private static boolean isLinux(Path path) {
    return path.getFileSystem().equals(FileSystems.getDefault())
        && path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  @Override
  public OptionalLong number(Path directory) throws IOException {
    if (!mayBeOne(directory)) {
      return OptionalLong.empty();
    }
    SubvolumeKernel kernel = SubvolumeKernel.ofThread();
    try {
      int open = kernel.openRoot(directory);
      try {
        return kernel.isSubvolume(open) && !kernel.stat(open).mountPoint()
            ? OptionalLong.of(kernel.number(open))
            : OptionalLong.empty();
      } finally {
        kernel.close(open);
      }
    } catch (ErrnoException e) {
      throw failure(directory, e);
    }
  }

  private static boolean mayBeOne(Path directory) throws IOException {
    if (!isLinux(directory)) {
      return false;
    }
    try {
      Map<String, Object> attributes =
          Files.readAttributes(directory, "unix:ino,isDirectory", LinkOption.NOFOLLOW_LINKS);
      return Objects.equals(attributes.get("ino"), Uapi.BTRFS_FIRST_FREE_OBJECTID)
          && Objects.equals(attributes.get("isDirectory"), true);
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  @Override
  public boolean copy(Path from, Path to, boolean readOnly) throws IOException {
    boolean exists = Files.exists(to, LinkOption.NOFOLLOW_LINKS);
    if (!mayBeOne(from) || (exists && number(to).isEmpty())) {
      return false;
    }
    SubvolumeKernel kernel = SubvolumeKernel.ofThread();
    try {
      int source = kernel.openRoot(from);
      try {
        return kernel.isSubvolume(source)
            && !kernel.hasNested(source)
            && !isMountedIn(from.toRealPath())
            && copy(kernel, source, to, exists, readOnly);
      } finally {
        kernel.close(source);
      }
    } catch (ErrnoException e) {
      throw failure(from, e);
    }
  }

  private static boolean isMountedIn(Path directory) throws IOException {
    return ProcMounts.read().below(directory).stream()
        .anyMatch(mount -> !mount.target().equals(directory.toString()));
  }

  private boolean copy(
      SubvolumeKernel kernel, int source, Path to, boolean exists, boolean readOnly)
      throws IOException, ErrnoException {
    if (exists) {
      Files.delete(to);
    }
    if (isCopied(kernel, source, to, readOnly)) {
      if (!kernel.hasNested(source)) {
        return true;
      }
      // Somebody nested a subvolume meanwhile, perhaps before the copy.
      TreeDeletion.delete(to);
    }
    if (exists && !make(to)) {
      Files.createDirectory(to);
    }
    return false;
  }

  private static boolean isCopied(SubvolumeKernel kernel, int source, Path to, boolean readOnly)
      throws ErrnoException {
    int in = kernel.openRoot(to.resolveSibling(""));
    try {
      kernel.copy(source, in, name(to), readOnly);
      return true;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOSPC || e.errno() == Errno.EDQUOT) {
        throw e;
      }
      return false; // copying its files instead succeeds, or reports the failure
    } finally {
      kernel.close(in);
    }
  }

  @Override
  public boolean delete(Path top, Path subvolume) throws IOException {
    SubvolumeKernel kernel = SubvolumeKernel.ofThread();
    try {
      Path parent = subvolume.resolveSibling("");
      int in =
          parent.equals(top) ? kernel.openRoot(top) : OpenDirectories.below(kernel, top, parent);
      try {
        return delete(kernel, in, name(subvolume));
      } finally {
        kernel.close(in);
      }
    } catch (ErrnoException e) {
      throw failure(subvolume, e);
    }
  }

  /** Makes a read-only subvolume writable if it cannot be deleted, so that its files can be. */
  private static boolean delete(SubvolumeKernel kernel, int in, ByteString name)
      throws ErrnoException {
    if (isDeleted(kernel, in, name)) {
      return true;
    }
    int open = kernel.openDirectory(in, name);
    try {
      return kernel.makeWritable(open) && isDeleted(kernel, in, name);
    } finally {
      kernel.close(open);
    }
  }

  private static boolean isDeleted(SubvolumeKernel kernel, int in, ByteString name)
      throws ErrnoException {
    try {
      kernel.delete(in, name);
      return true;
    } catch (ErrnoException e) {
      return switch (e.errno()) {
        case Errno.EPERM, Errno.EACCES, Errno.EROFS, Errno.ENOTEMPTY -> false;
        default -> throw e;
      };
    }
  }

  private static ByteString name(Path path) {
    return ByteString.utf8(String.valueOf(path.getFileName()));
  }

  private static FileSystemException failure(Path path, ErrnoException e) {
    FileSystemException failure = new FileSystemException(path.toString(), null, e.reason());
    failure.initCause(e);
    return failure;
  }
}
