package dev.keg.linux.kernel;

import java.nio.file.Path;
import java.util.Set;

/** The system calls on files and file systems that the JDK lacks. */
public interface FileSystemCalls {
  /** open(2). */
  Fd open(Path path, OpenMode mode) throws ErrnoException;

  /** openat2(2), for use in other calls; fails with ELOOP if the path contains any link. */
  Fd openExact(Path path) throws ErrnoException;

  /**
   * openat2(2): opens a path below a root, for use in other calls. No link leads outside the root,
   * not even one that is created meanwhile.
   */
  Fd openBelow(Fd root, String path, Scope scope) throws ErrnoException;

  /** readlink(2) in /proc/self/fd: the current path of an open file. */
  Path path(Fd open) throws ErrnoException;

  /** mkdirat(2); the umask restricts the mode. */
  void makeDirectory(Fd parent, String name, int mode) throws ErrnoException;

  /** openat(2), O_CREAT and O_EXCL: a new empty file. */
  void makeFile(Fd parent, String name, int mode) throws ErrnoException;

  /** unlinkat(2). */
  void removeFile(Fd parent, String name) throws ErrnoException;

  /**
   * unlinkat(2), AT_REMOVEDIR; fails with ENOTEMPTY if it is not empty, with EBUSY if it is a mount
   * point.
   */
  void removeDirectory(Fd parent, String name) throws ErrnoException;

  /** statfs(2). */
  Space space(Path path) throws ErrnoException;

  /** FIFREEZE: blocks writes until {@link #thaw}. */
  void freeze(Fd directory) throws ErrnoException;

  /** FITHAW. */
  void thaw(Fd directory) throws ErrnoException;

  /** fallocate(2): allocates all blocks up to the size. */
  void allocate(Fd file, long size) throws ErrnoException;

  /**
   * statx(2), stx_blocks: the space that a file occupies, in bytes. Includes allocated but
   * unwritten blocks, although lseek(2) reports them as a hole.
   */
  long occupied(Path path) throws ErrnoException;

  /** lseek(2), SEEK_DATA: the next byte that is not in a hole; ENXIO after the last one. */
  long nextData(Fd file, long from) throws ErrnoException;

  /**
   * lseek(2), SEEK_HOLE: the end of the data that begins here; the end of the file counts as a
   * hole.
   */
  long nextHole(Fd file, long from) throws ErrnoException;

  /** ftruncate(2); growing a file adds a hole. */
  void truncate(Fd file, long size) throws ErrnoException;

  /** How to treat paths that lead outside a root. */
  enum Scope {
    /**
     * The root acts as {@code /}, even for absolute links and {@code ..}, so no path leads outside.
     */
    ROOT(Uapi.RESOLVE_IN_ROOT),
    /** A path that leads outside fails with EXDEV. */
    BENEATH(Uapi.RESOLVE_BENEATH);

    private final long resolve;

    Scope(long resolve) {
      this.resolve = resolve;
    }

    long resolve() {
      return resolve | Uapi.RESOLVE_NO_MAGICLINKS;
    }
  }

  /** How to open a file. */
  enum OpenMode {
    /** O_PATH: only for use in other calls. */
    LOOK(Uapi.O_PATH),
    /** Like LOOK, but without following a link in the last part of the path. */
    LOOK_NO_LINK(Uapi.O_PATH | Uapi.O_NOFOLLOW),
    READ(0),
    /** A block device; fails with EBUSY if a mount, a mapping or another exclusive open uses it. */
    READ_ALONE(Uapi.O_EXCL),
    READ_WRITE(Uapi.O_RDWR);

    private final int flags;

    OpenMode(int flags) {
      this.flags = flags;
    }

    int flags() {
      return flags | Uapi.O_CLOEXEC;
    }
  }

  /**
   * The result of statfs(2), in bytes and files.
   *
   * @param type the magic number, linux/magic.h
   * @param available free space for ordinary users
   * @param flags the flags of the mount
   */
  record Space(
      long type,
      long blockSize,
      long total,
      long free,
      long available,
      long files,
      long freeFiles,
      Set<MountFlag> flags) {}
}
