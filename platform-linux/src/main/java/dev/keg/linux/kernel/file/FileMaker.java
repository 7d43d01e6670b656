package dev.keg.linux.kernel.file;

import com.sun.jna.Native;
import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Uapi;
import dev.keg.tree.ByteString;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Creates files and sets their attributes, by the descriptor of their directory and a single name.
 * Replaces nothing and follows no link. Not thread-safe.
 */
public final class FileMaker extends FileKernel {
  private static final int DIRECTORY_MODE = 0700;
  private static final int FILE_MODE = 0600;
  private static final int S_IFIFO = 0010000;
  private static final int S_IFCHR = 0020000;
  private static final int S_IFBLK = 0060000;

  private static final ThreadLocal<FileMaker> OF_THREAD = ThreadLocal.withInitial(FileMaker::new);

  private final FileMemory offsets = new FileMemory(2 * Long.BYTES);
  private final FileMemory times = new FileMemory(2 * FileCalls.Timespec.SIZE);

  /** The instance of the calling thread. */
  public static FileMaker ofThread() {
    return OF_THREAD.get();
  }

  public void makeDirectory(int directory, ByteString file) throws ErrnoException {
    long at = name.string(file);
    check("mkdir", file, FileCalls.mkdirat(directory, at, DIRECTORY_MODE));
  }

  /** Creates a new file and opens it for writing. */
  public int makeFile(int directory, ByteString file) throws ErrnoException {
    int flags =
        FileCalls.O_WRONLY
            | FileCalls.O_CREAT
            | FileCalls.O_EXCL
            | Uapi.O_NOFOLLOW
            | Uapi.O_CLOEXEC;
    long at = name.string(file);
    return (int) check("create", file, FileCalls.openat(directory, at, flags, FILE_MODE));
  }

  /** Opens a regular file for writing; does not wait for the reader of a pipe. */
  public int openToWrite(int directory, ByteString file) throws ErrnoException {
    int flags = FileCalls.O_WRONLY | FileCalls.O_NONBLOCK | Uapi.O_NOFOLLOW | Uapi.O_CLOEXEC;
    long at = name.string(file);
    return (int) check("open", file, FileCalls.openat(directory, at, flags, 0));
  }

  public void makeSymlink(int directory, ByteString file, ByteString target) throws ErrnoException {
    long to = other.string(target);
    long at = name.string(file);
    check("symlink", file, FileCalls.symlinkat(to, directory, at));
  }

  /** Creates a hard link; of a symbolic link itself, not of its target. */
  public void makeLink(int oldDirectory, ByteString oldFile, int directory, ByteString file)
      throws ErrnoException {
    long from = other.string(oldFile);
    long at = name.string(file);
    check("link", file, FileCalls.linkat(oldDirectory, from, directory, at, 0));
  }

  public void makeFifo(int directory, ByteString file) throws ErrnoException {
    long at = name.string(file);
    check("mkfifo", file, FileCalls.mknodat(directory, at, S_IFIFO | FILE_MODE, 0));
  }

  public void makeDevice(int directory, ByteString file, boolean block, int major, int minor)
      throws ErrnoException {
    int mode = (block ? S_IFBLK : S_IFCHR) | FILE_MODE;
    long at = name.string(file);
    check("mknod", file, FileCalls.mknodat(directory, at, mode, device(major, minor)));
  }

  /** makedev(3). */
  private static long device(long major, long minor) {
    return (minor & 0xFF) | ((major & 0xFFF) << 8) | ((minor & ~0xFFL) << 12);
  }

  public void removeFile(int directory, ByteString file) throws ErrnoException {
    long at = name.string(file);
    check("unlink", file, FileCalls.unlinkat(directory, at, 0));
  }

  public void removeDirectory(int directory, ByteString empty) throws ErrnoException {
    long at = name.string(empty);
    check("rmdir", empty, FileCalls.unlinkat(directory, at, Uapi.AT_REMOVEDIR));
  }

  public int write(int fd, ByteBuffer from, long position) throws ErrnoException {
    long address = FileMemory.address(from) + from.position();
    long n = check("write", fd, FileCalls.pwrite(fd, address, from.remaining(), position));
    from.position(from.position() + (int) n);
    return (int) n;
  }

  /** Begins to write this part of a file to the disk; a failure is left to the file's sync. */
  public void beginSync(int fd, long from, long length) {
    int _ = FileCalls.sync_file_range(fd, from, length, FileCalls.SYNC_FILE_RANGE_WRITE);
  }

  /** Makes the second, empty file share all content of the first. */
  public void share(int from, int to) throws ErrnoException {
    try {
      clone(from, to);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EINVAL || !isOverwrittenInPlace(from)) {
        throw e;
      }
      // btrfs does not share blocks between a file with checksums and one without.
      offsets.bytes.putInt(0, flags(to) | Uapi.FS_NOCOW_FL);
      check("ioctl FS_IOC_SETFLAGS", to, ioctl(to, Uapi.FS_IOC_SETFLAGS));
      clone(from, to);
    }
  }

  private void clone(int from, int to) throws ErrnoException {
    check("ioctl FICLONE", to, FileCalls.ioctl(to, Uapi.FICLONE, from));
  }

  private boolean isOverwrittenInPlace(int file) throws ErrnoException {
    return (flags(file) & Uapi.FS_NOCOW_FL) != 0;
  }

  private int flags(int file) throws ErrnoException {
    check("ioctl FS_IOC_GETFLAGS", file, ioctl(file, Uapi.FS_IOC_GETFLAGS));
    return offsets.bytes.getInt(0);
  }

  private long ioctl(int file, long request) {
    return FileCalls.ioctl(file, request, offsets.address);
  }

  /** Copies bytes at a position; may copy fewer, not only at the end of the file. */
  public long copy(int from, int to, long position, long length) throws ErrnoException {
    offsets.bytes.clear().putLong(position).putLong(position);
    long at = offsets.address;
    return check(
        "copy_file_range", to, FileCalls.copy_file_range(from, at, to, at + Long.BYTES, length, 0));
  }

  public void truncate(int fd, long size) throws ErrnoException {
    check("truncate", fd, FileCalls.ftruncate(fd, size));
  }

  public void owner(int fd, long uid, long gid) throws ErrnoException {
    check("chown", fd, FileCalls.fchown(fd, (int) uid, (int) gid));
  }

  public void owner(int directory, ByteString file, long uid, long gid) throws ErrnoException {
    long at = name.string(file);
    int flags = FileCalls.AT_SYMLINK_NOFOLLOW;
    check("chown", file, FileCalls.fchownat(directory, at, (int) uid, (int) gid, flags));
  }

  public void mode(int fd, int mode) throws ErrnoException {
    check("chmod", fd, FileCalls.fchmod(fd, mode));
  }

  /**
   * Sets the mode of a pipe or device. chmod(2) follows links, so it gets the path of a descriptor
   * that was opened without following any.
   */
  public void mode(int directory, ByteString file, int mode) throws ErrnoException {
    long at = name.string(file);
    int flags = Uapi.O_PATH | Uapi.O_NOFOLLOW | Uapi.O_CLOEXEC;
    int fd = (int) check("open", file, FileCalls.openat(directory, at, flags, 0));
    try {
      long path = name.string(path(fd, ByteString.EMPTY));
      check("chmod", file, FileCalls.fchmodat(Uapi.AT_FDCWD, path, mode, 0));
    } finally {
      FileCalls.close(fd);
    }
  }

  public void putXattr(int fd, ByteString attribute, ByteString content) throws ErrnoException {
    FileMemory memory = memory(content);
    long at = other.string(attribute);
    check("setxattr", attribute, FileCalls.fsetxattr(fd, at, memory.address, content.length(), 0));
  }

  public void putXattr(int directory, ByteString file, ByteString attribute, ByteString content)
      throws ErrnoException {
    FileMemory memory = memory(content);
    long path = name.string(path(directory, file));
    long at = other.string(attribute);
    check(
        "setxattr", attribute, FileCalls.lsetxattr(path, at, memory.address, content.length(), 0));
  }

  private FileMemory memory(ByteString content) {
    FileMemory memory =
        content.length() <= value.bytes.capacity() ? value : new FileMemory(content.length());
    content.putInto(memory.bytes.clear());
    return memory;
  }

  /** A missing attribute is not an error. */
  public void removeXattr(int fd, ByteString attribute) throws ErrnoException {
    long at = other.string(attribute);
    long result = FileCalls.fremovexattr(fd, at);
    int errno = result < 0 ? Native.getLastError() : 0;
    if (errno != Errno.ENODATA && errno != Errno.EOPNOTSUPP) {
      check("removexattr", attribute, result);
    }
  }

  public void modified(int fd, Instant time) throws ErrnoException {
    check("utimens", fd, FileCalls.futimens(fd, times(time)));
  }

  public void modified(int directory, ByteString file, Instant time) throws ErrnoException {
    long at = name.string(file);
    int flags = FileCalls.AT_SYMLINK_NOFOLLOW;
    check("utimens", file, FileCalls.utimensat(directory, at, times(time), flags));
  }

  /** Leaves the access time unchanged. */
  private long times(Instant modified) {
    times
        .bytes
        .clear()
        .putLong(0)
        .putLong(FileCalls.UTIME_OMIT)
        .putLong(modified.getEpochSecond())
        .putLong(modified.getNano());
    return times.address;
  }

  /** Renames a file, replacing any file with the new name. */
  public void rename(int oldDirectory, ByteString oldFile, int directory, ByteString file)
      throws ErrnoException {
    long from = other.string(oldFile);
    long to = name.string(file);
    check("rename", file, FileCalls.renameat2(oldDirectory, from, directory, to, 0));
  }

  /** Exchanges two paths atomically. */
  public void exchange(Path one, Path another) throws ErrnoException {
    long from = other.string(bytes(one));
    long to = name.string(bytes(another));
    int flags = FileCalls.RENAME_EXCHANGE;
    check(
        "exchange",
        one + " " + another,
        FileCalls.renameat2(Uapi.AT_FDCWD, from, Uapi.AT_FDCWD, to, flags));
  }
}
