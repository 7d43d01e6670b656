package dev.keg.linux.kernel.file;

import com.sun.jna.Native;
import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.file.FileCalls.Cachestat;
import java.util.OptionalLong;

/** The parts of files that the kernel has in memory. Not thread-safe. */
public final class PageCache extends FileKernel {
  private static final ThreadLocal<PageCache> OF_THREAD = ThreadLocal.withInitial(PageCache::new);

  static final long PAGE = FileCalls.sysconf(FileCalls._SC_PAGESIZE);

  /** The number of bytes for which {@link #names} holds the answer, one byte per page. */
  private static final long MAPPED = NAMES * PAGE;

  /** Whether the kernel has cachestat(2), new in Linux 6.5. */
  private boolean tells = true;

  /** The instance of the calling thread. */
  public static PageCache ofThread() {
    return OF_THREAD.get();
  }

  /** readahead(2); false if the file system does not support it. */
  public boolean prefetch(int fd, long from, long length) throws ErrnoException {
    long result = FileCalls.readahead(fd, from, length);
    if (result < 0 && Native.getLastError() == Errno.EINVAL) {
      return false;
    }
    check("readahead", fd, result);
    return true;
  }

  /**
   * How many of the first bytes of a file are in memory; empty if the kernel hides this from a user
   * who neither owns the file nor may write to it.
   */
  public OptionalLong cached(int fd, long size) throws ErrnoException {
    if (size == 0) {
      return OptionalLong.of(0);
    }
    OptionalLong pages = tells ? counted(fd, size) : OptionalLong.empty();
    // cachestat(2) counts nothing for a file on overlayfs, whose pages belong to the file below.
    if ((!tells || pages.equals(OptionalLong.of(0))) && isTold(fd)) {
      pages = OptionalLong.of(mapped(fd, size));
    }
    return pages.isPresent()
        ? OptionalLong.of(Math.min(size, pages.getAsLong() * PAGE))
        : OptionalLong.empty();
  }

  private OptionalLong counted(int fd, long size) throws ErrnoException {
    structure.bytes.putLong(Cachestat.OFF, 0).putLong(Cachestat.LEN, size);
    long answer = structure.address + Cachestat.RESULT;
    long result = FileCalls.syscall(FileCalls.SYS_cachestat, fd, structure.address, answer, 0);
    if (result < 0) {
      switch (Native.getLastError()) {
        case Errno.ENOSYS -> tells = false;
        case Errno.EPERM, Errno.EOPNOTSUPP -> {}
        default -> check("cachestat", fd, result);
      }
      return OptionalLong.empty();
    }
    return OptionalLong.of(structure.bytes.getLong(Cachestat.NR_CACHE));
  }

  // For other users, mincore(2) reports everything as in memory.
  private boolean isTold(int fd) throws ErrnoException {
    int user = FileCalls.geteuid();
    return user == 0 || stat(fd).uid() == Integer.toUnsignedLong(user);
  }

  /** The size of a file's pages in memory, by mincore(2) for kernels without cachestat(2). */
  long mapped(int fd, long size) throws ErrnoException {
    long pages = 0;
    for (long at = 0; at < size; at += MAPPED) {
      pages += mapped(fd, at, Math.min(MAPPED, size - at));
    }
    return pages;
  }

  private long mapped(int fd, long from, long length) throws ErrnoException {
    long address = FileCalls.mmap(0, length, FileCalls.PROT_READ, FileCalls.MAP_SHARED, fd, from);
    if (address == FileCalls.MAP_FAILED) {
      if (Native.getLastError() == Errno.ENODEV) {
        return 0; // a file that cannot be mapped has no pages
      }
      throw new ErrnoException("mmap", Integer.toString(fd), Native.getLastError());
    }
    try {
      check("mincore", fd, FileCalls.mincore(address, length, names.address));
      long pages = 0;
      for (int i = 0; i < Math.ceilDiv(length, PAGE); i++) {
        pages += names.bytes.get(i) & 1;
      }
      return pages;
    } finally {
      FileCalls.munmap(address, length);
    }
  }
}
