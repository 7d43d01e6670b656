package dev.keg.linux.kernel.file;

import com.sun.jna.Native;
import dev.keg.linux.kernel.CLibrary;

/**
 * The calls on files, mapped directly. They take only numbers, including addresses, which is the
 * fastest form: a backup makes several calls per file. Names and structures are in a {@link
 * FileMemory}. Constants and structures are named as in C.
 */
final class FileCalls {
  // fcntl.h
  static final int O_WRONLY = 1;
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  static final int O_NOCTTY = 0x100;
  static final int O_NONBLOCK = 0x800;
  static final int O_NOATIME = 0x40000;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int SYNC_FILE_RANGE_WRITE = 2;

  // unistd.h
  static final int SEEK_DATA = 3;
  static final int SEEK_HOLE = 4;

  static final int _SC_PAGESIZE = 30;

  // sys/mman.h
  static final int PROT_READ = 1;
  static final int MAP_SHARED = 1;
  static final long MAP_FAILED = -1;

  // asm-generic/unistd.h, linux/mman.h
  static final long SYS_cachestat = 451;

  // stdio.h
  static final int RENAME_EXCHANGE = 2;

  // linux/magic.h
  static final int TMPFS_MAGIC = 0x01021994;
  static final int RAMFS_MAGIC = 0x858458f6;
  static final int BTRFS_SUPER_MAGIC = 0x9123683e;

  // fs/ntfs3/super.c
  static final int NTFS3_MAGIC = 0x7366746e;

  // linux/stat.h
  static final int STATX_BASIC_STATS = 0x7ff;
  static final int STATX_ATTR_IMMUTABLE = 0x10;
  static final int STATX_ATTR_APPEND = 0x20;
  static final int STATX_ATTR_NODUMP = 0x40;
  static final int STATX_ATTR_MOUNT_ROOT = 0x2000;
  static final long UTIME_OMIT = 0x3ffffffe;

  /** struct statx, linux/stat.h. */
  static final class Statx {
    static final int SIZE = 256;
    static final int STX_ATTRIBUTES = 8;
    static final int STX_NLINK = 16;
    static final int STX_UID = 20;
    static final int STX_GID = 24;
    static final int STX_MODE = 28;
    static final int STX_INO = 32;
    static final int STX_SIZE = 40;
    static final int STX_BLOCKS = 48;
    static final int STX_CTIME = 96;
    static final int STX_MTIME = 112;
    static final int STX_RDEV_MAJOR = 128;
    static final int STX_RDEV_MINOR = 132;
    static final int STX_DEV_MAJOR = 136;
    static final int STX_DEV_MINOR = 140;

    /** The offset of the nanoseconds in struct statx_timestamp. */
    static final int TV_NSEC = 8;

    private Statx() {}
  }

  /** struct cachestat_range and, after it, struct cachestat; linux/mman.h. */
  static final class Cachestat {
    static final int SIZE = 56;
    static final int OFF = 0;
    static final int LEN = 8;
    static final int RESULT = 16;
    static final int NR_CACHE = 16;

    private Cachestat() {}
  }

  /** struct dirent, dirent.h, on 64-bit machines. */
  static final class Dirent {
    static final int D_RECLEN = 16;
    static final int D_TYPE = 18;
    static final int D_NAME = 19;
    static final byte DT_UNKNOWN = 0;
    static final byte DT_DIR = 4;

    private Dirent() {}
  }

  /** struct timespec, time.h, on 64-bit machines. */
  static final class Timespec {
    static final int SIZE = 16;
    static final int TV_NSEC = 8;

    private Timespec() {}
  }

  static {
    Native.register(FileCalls.class, CLibrary.inProcess());
  }

  private FileCalls() {}

  static native int openat(int directory, long name, int flags, int mode);

  /** openat2(2) and cachestat(2), for which C libraries have no function. */
  static native long syscall(long number, long directory, long name, long how, long size);

  static native int close(int fd);

  static native long readahead(int fd, long offset, long count);

  static native long mmap(
      long address, long length, int protection, int flags, int fd, long offset);

  static native int munmap(long address, long length);

  static native int mincore(long address, long length, long vector);

  static native long sysconf(int name);

  static native int geteuid();

  static native int statx(int directory, long name, int flags, int mask, long buffer);

  static native long getdents64(int fd, long buffer, long size);

  static native long pread(int fd, long buffer, long count, long offset);

  static native long pwrite(int fd, long buffer, long count, long offset);

  static native int ioctl(int fd, long request, long argument);

  static native long copy_file_range(
      int from, long fromOffset, int to, long toOffset, long length, int flags);

  static native long lseek(int fd, long offset, int whence);

  static native int ftruncate(int fd, long length);

  static native int syncfs(int fd);

  static native int sync_file_range(int fd, long offset, long length, int flags);

  /** Fills struct statfs, whose first field, f_type, is a long. */
  static native int fstatfs(int fd, long buffer);

  static native long readlinkat(int directory, long name, long buffer, long size);

  static native long flistxattr(int fd, long buffer, long size);

  static native long llistxattr(long path, long buffer, long size);

  static native long fgetxattr(int fd, long name, long buffer, long size);

  static native long lgetxattr(long path, long name, long buffer, long size);

  static native int fsetxattr(int fd, long name, long value, long size, int flags);

  static native int lsetxattr(long path, long name, long value, long size, int flags);

  static native int fremovexattr(int fd, long name);

  static native int mkdirat(int directory, long name, int mode);

  static native int symlinkat(long target, int directory, long name);

  static native int linkat(int oldDirectory, long oldName, int directory, long name, int flags);

  static native int mknodat(int directory, long name, int mode, long device);

  static native int unlinkat(int directory, long name, int flags);

  static native int fchown(int fd, int uid, int gid);

  static native int fchownat(int directory, long name, int uid, int gid, int flags);

  static native int fchmod(int fd, int mode);

  static native int fchmodat(int directory, long name, int mode, int flags);

  static native int futimens(int fd, long times);

  static native int utimensat(int directory, long name, long times, int flags);

  static native int renameat2(int oldDirectory, long oldName, int directory, long name, int flags);
}
