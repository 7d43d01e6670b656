package dev.keg.linux.kernel;

import java.nio.file.Path;

/** The system calls on files and file systems that the JDK has no method for. */
public interface FileSystemCalls {
  /** open(2). */
  Fd open(Path path, OpenMode mode) throws ErrnoException;

  /** openat2(2), to name it in other calls; a path with a link anywhere is ELOOP. */
  Fd openExact(Path path) throws ErrnoException;

  /**
   * openat2(2): what the path leads to, to name it in other calls. No link leads out of the root,
   * not even one that is put there meanwhile.
   */
  Fd openBelow(Fd root, String path, Scope scope) throws ErrnoException;

  /** readlink(2) in /proc/self/fd: where the open file is now. */
  Path path(Fd open) throws ErrnoException;

  /** mkdirat(2), which the umask restricts further. */
  void makeDirectory(Fd parent, String name, int mode) throws ErrnoException;

  /** openat(2), O_CREAT and O_EXCL: an empty file where nothing is. */
  void makeFile(Fd parent, String name, int mode) throws ErrnoException;

  /** unlinkat(2). */
  void removeFile(Fd parent, String name) throws ErrnoException;

  /** unlinkat(2), AT_REMOVEDIR; ENOTEMPTY if something is in it, EBUSY if it is mounted on. */
  void removeDirectory(Fd parent, String name) throws ErrnoException;

  /** statfs(2). */
  Space space(Path path) throws ErrnoException;

  /** FIFREEZE: no write goes through until it is thawed. */
  void freeze(Fd directory) throws ErrnoException;

  /** FITHAW. */
  void thaw(Fd directory) throws ErrnoException;

  /** fallocate(2): all blocks up to the size are there from now on. */
  void allocate(Fd file, long size) throws ErrnoException;

  /** lseek(2), SEEK_DATA: the next byte that is not in a hole; behind the last one it is ENXIO. */
  long nextData(Fd file, long from) throws ErrnoException;

  /** lseek(2), SEEK_HOLE: where the data ends that begins here; there is a hole at every end. */
  long nextHole(Fd file, long from) throws ErrnoException;

  /** ftruncate(2); what it becomes longer is a hole. */
  void truncate(Fd file, long size) throws ErrnoException;

  /** What leads out of a root. */
  enum Scope {
    /** The root is {@code /}, also for absolute links and for {@code ..}: nothing leads out. */
    ROOT(Uapi.RESOLVE_IN_ROOT),
    /** What leads out is EXDEV. */
    BENEATH(Uapi.RESOLVE_BENEATH);

    private final long resolve;

    Scope(long resolve) {
      this.resolve = resolve;
    }

    long resolve() {
      return resolve | Uapi.RESOLVE_NO_MAGICLINKS;
    }
  }

  /** How a file is opened. */
  enum OpenMode {
    /** Only to name it in other calls; O_PATH. */
    LOOK(Uapi.O_PATH),
    /** As LOOK, but the path's last part must not be a link. */
    LOOK_NO_LINK(Uapi.O_PATH | Uapi.O_NOFOLLOW),
    READ(0),
    READ_WRITE(Uapi.O_RDWR);

    private final int flags;

    OpenMode(int flags) {
      this.flags = flags;
    }

    int flags() {
      return flags | Uapi.O_CLOEXEC;
    }
  }
}
