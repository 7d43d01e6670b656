package dev.keg.linux.kernel.file;

import com.sun.jna.Native;
import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Uapi;
import dev.keg.tree.ByteString;
import dev.keg.tree.Stat;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntPredicate;

/**
 * Reads files by the descriptor of their directory and a single name, so that nobody can redirect a
 * path by replacing a directory with a link. Not thread-safe, since it reuses memory for names and
 * structures.
 */
public class FileKernel {
  /** This process's open files, through which files that cannot be opened are accessed. */
  private static final ByteString OPEN_FILES = ByteString.utf8("/proc/self/fd/");

  private static final ByteString SLASH = ByteString.utf8("/");
  private static final ByteString EMPTY = ByteString.EMPTY;
  static final long SECTOR = 512;

  /** XATTR_LIST_MAX and XATTR_SIZE_MAX, linux/limits.h. */
  private static final int XATTR_MAX = 65536;

  static final int NAMES = 64 << 10;

  final FileMemory name = new FileMemory(FileMemory.PATH);
  final FileMemory other = new FileMemory(FileMemory.PATH);
  final FileMemory value = new FileMemory(XATTR_MAX);
  final FileMemory structure = new FileMemory(FileCalls.Statx.SIZE);
  final FileMemory names = new FileMemory(NAMES);

  /** Builds the target's text only on failure. */
  static long check(String call, Object target, long result) throws ErrnoException {
    if (result < 0) {
      throw new ErrnoException(call, target.toString(), Native.getLastError());
    }
    return result;
  }

  static ByteString bytes(Path path) {
    return ByteString.utf8(path.toString());
  }

  /** Opens the directory at the path. */
  public int openRoot(Path path) throws ErrnoException {
    int flags = Uapi.O_DIRECTORY | Uapi.O_CLOEXEC;
    return (int) check("open", path, open(Uapi.AT_FDCWD, name.string(bytes(path)), flags));
  }

  // Only the owner may suppress updates of the access time.
  private static long open(int directory, long name, int flags) {
    long fd = FileCalls.openat(directory, name, flags | FileCalls.O_NOATIME, 0);
    return fd < 0 && Native.getLastError() == Errno.EPERM
        ? FileCalls.openat(directory, name, flags, 0)
        : fd;
  }

  /**
   * Opens a directory by a path of several names below another; no part may be a link, and the path
   * cannot lead outside. Kernels before 5.6 lack this call and accept only one name.
   */
  public int openDirectory(int directory, ByteString path) throws ErrnoException {
    return openDirectory(directory, path, 0);
  }

  final int openDirectory(int directory, ByteString path, long refused) throws ErrnoException {
    int flags = Uapi.O_DIRECTORY | Uapi.O_NOFOLLOW | Uapi.O_CLOEXEC;
    long at = name.string(path);
    long fd = openBeneath(directory, at, flags | FileCalls.O_NOATIME, refused);
    if (fd < 0 && Native.getLastError() == Errno.EPERM) {
      fd = openBeneath(directory, at, flags, refused);
    }
    if (fd < 0 && Native.getLastError() == Errno.ENOSYS && path.indexOf((byte) '/') < 0) {
      return (int) check("openat", path, open(directory, at, flags));
    }
    return (int) check("openat2", path, fd);
  }

  private long openBeneath(int directory, long at, int flags, long refused) {
    structure.bytes.putLong(Uapi.OpenHow.FLAGS, flags).putLong(8, 0);
    structure.bytes.putLong(
        Uapi.OpenHow.RESOLVE,
        Uapi.RESOLVE_BENEATH | Uapi.RESOLVE_NO_SYMLINKS | Uapi.RESOLVE_NO_MAGICLINKS | refused);
    return FileCalls.syscall(Uapi.SYS_openat2, directory, at, structure.address, Uapi.OpenHow.SIZE);
  }

  /** Opens a file for reading; does not follow a link or wait for the writer of a pipe. */
  public int openFile(int directory, ByteString file) throws ErrnoException {
    int flags = Uapi.O_NOFOLLOW | Uapi.O_CLOEXEC | FileCalls.O_NONBLOCK | FileCalls.O_NOCTTY;
    return (int) check("open", file, open(directory, name.string(file), flags));
  }

  public void close(int fd) {
    FileCalls.close(fd);
  }

  public Stat stat(int directory, ByteString file) throws ErrnoException {
    long at = name.string(file);
    int flags = FileCalls.AT_SYMLINK_NOFOLLOW;
    check("stat", file, statx(directory, at, flags));
    return FileStat.of(structure.bytes);
  }

  public Stat stat(int fd) throws ErrnoException {
    check("fstat", fd, statx(fd, name.string(EMPTY), Uapi.AT_EMPTY_PATH));
    return FileStat.of(structure.bytes);
  }

  private long statx(int directory, long at, int flags) {
    return FileCalls.statx(directory, at, flags, FileCalls.STATX_BASIC_STATS, structure.address);
  }

  /** All names in an open directory, in the order of the file system. */
  public List<ByteString> names(int directory) throws ErrnoException {
    return names(directory, _ -> true);
  }

  /** The names of the directories in it. Most file systems list types along with names. */
  public List<ByteString> directories(int directory) throws ErrnoException {
    List<ByteString> unknown = new ArrayList<>();
    List<ByteString> all =
        names(
            directory,
            at -> {
              byte type = names.bytes.get(at + FileCalls.Dirent.D_TYPE);
              if (type == FileCalls.Dirent.DT_UNKNOWN) {
                addName(unknown, at);
              }
              return type == FileCalls.Dirent.DT_DIR;
            });
    for (ByteString one : unknown) {
      if (isDirectory(directory, one)) {
        all.add(one);
      }
    }
    return all;
  }

  private boolean isDirectory(int directory, ByteString file) throws ErrnoException {
    try {
      return stat(directory, file).type() == Stat.Type.DIRECTORY;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return false; // it has just been removed
      }
      throw e;
    }
  }

  /** The names of the wanted entries; the test gets the offset of each in the buffer. */
  private List<ByteString> names(int directory, IntPredicate wanted) throws ErrnoException {
    check("lseek", directory, FileCalls.lseek(directory, 0, 0));
    List<ByteString> all = new ArrayList<>();
    while (true) {
      long n = check("getdents", directory, FileCalls.getdents64(directory, names.address, NAMES));
      if (n == 0) {
        return all;
      }
      for (int at = 0; at < n; at += names.bytes.getShort(at + FileCalls.Dirent.D_RECLEN)) {
        if (wanted.test(at)) {
          addName(all, at);
        }
      }
    }
  }

  private void addName(List<ByteString> all, int entry) {
    int start = entry + FileCalls.Dirent.D_NAME;
    if (!isDots(start)) {
      all.add(names.copy(start, endOfName(start) - start));
    }
  }

  final int endOfName(int start) {
    int end = start;
    while (names.bytes.get(end) != 0) {
      end++;
    }
    return end;
  }

  /** Whether the name at this offset is "." or "..". */
  final boolean isDots(int start) {
    return names.bytes.get(start) == '.'
        && (names.bytes.get(start + 1) == 0
            || (names.bytes.get(start + 1) == '.' && names.bytes.get(start + 2) == 0));
  }

  /** Syncs the file system of this directory. */
  public void syncFileSystem(int directory) throws ErrnoException {
    check("syncfs", directory, FileCalls.syncfs(directory));
  }

  /**
   * Whether the file system updates a file's times at the latest on the first store through a
   * mapping after a sync. File systems in memory are never synced and never notice such a store.
   */
  public boolean tellsOfMappedStores(int directory) throws ErrnoException {
    int type = fileSystem(directory);
    return type != FileCalls.TMPFS_MAGIC && type != FileCalls.RAMFS_MAGIC;
  }

  /** Whether the kernel's own NTFS driver mounted the file system. */
  public boolean isNtfs3(int directory) throws ErrnoException {
    return fileSystem(directory) == FileCalls.NTFS3_MAGIC;
  }

  final boolean isBtrfs(int directory) throws ErrnoException {
    return fileSystem(directory) == FileCalls.BTRFS_SUPER_MAGIC;
  }

  private int fileSystem(int directory) throws ErrnoException {
    check("fstatfs", directory, FileCalls.fstatfs(directory, structure.address));
    return (int) structure.bytes.getLong(0);
  }

  /** Reads into a direct buffer; 0 at the end of the file. */
  public int read(int fd, ByteBuffer into, long position) throws ErrnoException {
    long address = FileMemory.address(into) + into.position();
    long n = check("read", fd, FileCalls.pread(fd, address, into.remaining(), position));
    into.position(into.position() + (int) n);
    return (int) n;
  }

  /** The start of the next data; empty if only holes follow. */
  public OptionalLong nextData(int fd, long from) throws ErrnoException {
    return seek(fd, from, FileCalls.SEEK_DATA);
  }

  /** The start of the next hole; the end of the file counts as a hole. */
  public OptionalLong nextHole(int fd, long from) throws ErrnoException {
    return seek(fd, from, FileCalls.SEEK_HOLE);
  }

  private static OptionalLong seek(int fd, long from, int whence) throws ErrnoException {
    long at = FileCalls.lseek(fd, from, whence);
    return at < 0 && Native.getLastError() == Errno.ENXIO
        ? OptionalLong.empty()
        : OptionalLong.of(check("lseek", fd, at));
  }

  public ByteString linkTarget(int directory, ByteString link) throws ErrnoException {
    long at = name.string(link);
    long n =
        check(
            "readlink", link, FileCalls.readlinkat(directory, at, other.address, FileMemory.PATH));
    return other.copy(0, (int) n);
  }

  /** The names of its extended attributes; none if the file system does not support them. */
  public List<ByteString> xattrNames(int fd) throws ErrnoException {
    return xattrNames(fd, FileCalls.flistxattr(fd, value.address, XATTR_MAX));
  }

  /** The same for files that must not be opened: links, pipes and devices. */
  public List<ByteString> xattrNames(int directory, ByteString file) throws ErrnoException {
    long path = name.string(path(directory, file));
    return xattrNames(file, FileCalls.llistxattr(path, value.address, XATTR_MAX));
  }

  private List<ByteString> xattrNames(Object target, long n) throws ErrnoException {
    if (n == 0 || (n < 0 && Native.getLastError() == Errno.EOPNOTSUPP)) {
      return List.of();
    }
    ByteString all = value.copy(0, (int) check("listxattr", target, n));
    List<ByteString> list = new ArrayList<>();
    int start = 0;
    for (int end = all.indexOf((byte) 0); end >= 0; end = all.indexOf((byte) 0, start)) {
      list.add(all.substring(start, end));
      start = end + 1;
    }
    return list;
  }

  /** Empty if the attribute was removed meanwhile. */
  public Optional<ByteString> xattr(int fd, ByteString attribute) throws ErrnoException {
    long at = other.string(attribute);
    return xattr(attribute, FileCalls.fgetxattr(fd, at, value.address, XATTR_MAX));
  }

  public Optional<ByteString> xattr(int directory, ByteString file, ByteString attribute)
      throws ErrnoException {
    long path = name.string(path(directory, file));
    long at = other.string(attribute);
    return xattr(attribute, FileCalls.lgetxattr(path, at, value.address, XATTR_MAX));
  }

  private Optional<ByteString> xattr(ByteString attribute, long n) throws ErrnoException {
    if (n < 0 && Native.getLastError() == Errno.ENODATA) {
      return Optional.empty();
    }
    return Optional.of(value.copy(0, (int) check("getxattr", attribute, n)));
  }

  /** The path of one name in an open directory. */
  static ByteString path(int directory, ByteString file) {
    ByteString open = OPEN_FILES.plus(ByteString.utf8(Integer.toString(directory)));
    return file.isEmpty() ? open : open.plus(SLASH).plus(file);
  }
}
