package dev.keg.linux.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The real system calls. */
public final class NativeFileSystemCalls extends NativeCalls implements FileSystemCalls {
  private static final long BLOCK = 512;

  /** How many times to resolve a path while others rename. */
  private static final int TRIES = 10_000;

  public NativeFileSystemCalls(Consumer<String> debug) {
    super(debug);
  }

  @Override
  public Fd open(Path path, OpenMode mode) throws ErrnoException {
    return fd(check("open", path.toString(), Libc.open(path.toString(), mode.flags(), 0)));
  }

  @Override
  public Fd openExact(Path path) throws ErrnoException {
    try (Memory how = how(Uapi.RESOLVE_NO_SYMLINKS)) {
      return openat2(Uapi.AT_FDCWD, path.toString(), how);
    }
  }

  @Override
  public Fd openBelow(Fd root, String path, Scope scope) throws ErrnoException {
    try (Memory how = how(scope.resolve())) {
      return openat2(root.number(), path, how);
    }
  }

  private static Memory how(long resolve) {
    Memory how = new Memory(Uapi.OpenHow.SIZE);
    how.clear();
    how.setLong(Uapi.OpenHow.FLAGS, OpenMode.LOOK.flags());
    how.setLong(Uapi.OpenHow.RESOLVE, resolve);
    return how;
  }

  /**
   * Retries on EAGAIN, which the kernel returns if anything in the system was renamed or mounted
   * while it followed a "..": it then cannot tell whether the path left the root.
   */
  private Fd openat2(int directory, String path, Memory how) throws ErrnoException {
    long fd = -1;
    for (int left = TRIES; left > 0 && fd < 0; left--) {
      fd = Libc.syscall(Uapi.SYS_openat2, directory, path, how, Uapi.OpenHow.SIZE);
      if (fd < 0 && Native.getLastError() != Errno.EAGAIN) {
        break;
      }
    }
    return fd(check("openat2", path, fd));
  }

  @Override
  public Path path(Fd open) throws ErrnoException {
    try {
      return Files.readSymbolicLink(Path.of(open.path()));
    } catch (IOException e) {
      throw new ErrnoException("readlink", open.path(), Errno.ENOENT);
    }
  }

  @Override
  public void makeDirectory(Fd parent, String name, int mode) throws ErrnoException {
    check("mkdirat", name, Libc.mkdirat(parent.number(), name, mode));
  }

  @Override
  public void makeFile(Fd parent, String name, int mode) throws ErrnoException {
    int flags = Uapi.O_WRONLY | Uapi.O_CREAT | Uapi.O_EXCL | Uapi.O_NOFOLLOW | Uapi.O_CLOEXEC;
    fd(check("openat", name, Libc.openat(parent.number(), name, flags, mode))).close();
  }

  @Override
  public void removeFile(Fd parent, String name) throws ErrnoException {
    check("unlinkat", name, Libc.unlinkat(parent.number(), name, 0));
  }

  @Override
  public void removeDirectory(Fd parent, String name) throws ErrnoException {
    check("unlinkat", name, Libc.unlinkat(parent.number(), name, Uapi.AT_REMOVEDIR));
  }

  @Override
  public FileSystemCalls.Space space(Path path) throws ErrnoException {
    try (Memory buffer = new Memory(Uapi.Statfs.SIZE)) {
      check("statfs", path.toString(), Libc.statfs(path.toString(), buffer));
      long block = buffer.getLong(Uapi.Statfs.F_BSIZE);
      return new FileSystemCalls.Space(
          buffer.getLong(Uapi.Statfs.F_TYPE),
          block,
          buffer.getLong(Uapi.Statfs.F_BLOCKS) * block,
          buffer.getLong(Uapi.Statfs.F_BFREE) * block,
          buffer.getLong(Uapi.Statfs.F_BAVAIL) * block,
          buffer.getLong(Uapi.Statfs.F_FILES),
          buffer.getLong(Uapi.Statfs.F_FFREE),
          MountFlag.ofStatfs(buffer.getLong(Uapi.Statfs.F_FLAGS)));
    }
  }

  @Override
  public long occupied(Path path) throws ErrnoException {
    try (Memory buffer = new Memory(Uapi.StatxMount.SIZE)) {
      int mask = Uapi.StatxMount.STATX_BLOCKS;
      String text = path.toString();
      check("statx", text, Libc.statx(Uapi.AT_FDCWD, text, 0, mask, buffer));
      return buffer.getLong(Uapi.StatxMount.STX_BLOCKS) * BLOCK;
    }
  }

  @Override
  public void freeze(Fd directory) throws ErrnoException {
    check("FIFREEZE", directory.path(), Libc.ioctl(directory.number(), Uapi.FIFREEZE, 0));
  }

  @Override
  public void thaw(Fd directory) throws ErrnoException {
    check("FITHAW", directory.path(), Libc.ioctl(directory.number(), Uapi.FITHAW, 0));
  }

  @Override
  public void allocate(Fd file, long size) throws ErrnoException {
    check("fallocate", file.path(), Libc.fallocate(file.number(), 0, 0, size));
  }

  @Override
  public long nextData(Fd file, long from) throws ErrnoException {
    return check("lseek", file.path(), Libc.lseek(file.number(), from, Uapi.SEEK_DATA));
  }

  @Override
  public long nextHole(Fd file, long from) throws ErrnoException {
    return check("lseek", file.path(), Libc.lseek(file.number(), from, Uapi.SEEK_HOLE));
  }

  @Override
  public void truncate(Fd file, long size) throws ErrnoException {
    check("ftruncate", file.path(), Libc.ftruncate(file.number(), size));
  }
}
