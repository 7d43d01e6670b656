package dev.keg.linux.tree;

import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.file.FileKernel;
import dev.keg.linux.kernel.file.PageCache;
import dev.keg.tree.ByteString;
import dev.keg.tree.FileKind.Extent;
import dev.keg.tree.OpenFile;
import dev.keg.tree.Stat;
import dev.keg.tree.Xattrs;
import dev.keg.tree.Xattrs.Xattr;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** An open file of a tree. */
final class LinuxOpenFile implements OpenFile {
  /** Beyond this number of ranges, holes are treated as zeros, which only costs space. */
  private static final int MAX_EXTENTS = 1 << 20;

  private final FileKernel kernel;
  private final int fd;
  private final String path;

  LinuxOpenFile(FileKernel kernel, int fd, String path) {
    this.kernel = kernel;
    this.fd = fd;
    this.path = path;
  }

  int fd() {
    return fd;
  }

  @Override
  public Stat stat() {
    try {
      return kernel.stat(fd);
    } catch (ErrnoException e) {
      throw Failures.of("read", path, e);
    }
  }

  @Override
  public Xattrs xattrs() {
    try {
      List<ByteString> names = kernel.xattrNames(fd);
      if (names.isEmpty()) {
        return Xattrs.NONE;
      }
      List<Xattr> list = new ArrayList<>();
      for (ByteString name : names) {
        kernel.xattr(fd, name).ifPresent(value -> list.add(new Xattr(name, value)));
      }
      return Xattrs.of(list);
    } catch (ErrnoException e) {
      throw Failures.of("read attributes", path, e);
    }
  }

  @Override
  public List<Extent> data(long size) {
    try {
      List<Extent> data = new ArrayList<>();
      OptionalLong start = kernel.nextData(fd, 0);
      while (start.isPresent() && start.getAsLong() < size) {
        long from = start.getAsLong();
        long hole = Math.min(size, kernel.nextHole(fd, from).orElse(size));
        if (data.size() == MAX_EXTENTS - 1) {
          hole = size;
        }
        data.add(new Extent(from, hole - from));
        start = hole == size ? OptionalLong.empty() : kernel.nextData(fd, hole);
      }
      return data;
    } catch (ErrnoException e) {
      throw Failures.of("read", path, e);
    }
  }

  @Override
  public int read(ByteBuffer into, long position) {
    try {
      int n = kernel.read(fd, into, position);
      return n == 0 ? -1 : n;
    } catch (ErrnoException e) {
      throw Failures.of("read", path, e);
    }
  }

  @Override
  public OptionalLong cached(long size) {
    try {
      return PageCache.ofThread().cached(fd, size);
    } catch (ErrnoException e) {
      throw Failures.of("examine the cache of", path, e);
    }
  }

  @Override
  public boolean prefetch(long from, int length) {
    try {
      return PageCache.ofThread().prefetch(fd, from, length);
    } catch (ErrnoException e) {
      throw Failures.of("read", path, e);
    }
  }

  @Override
  public void close() {
    kernel.close(fd);
  }
}
