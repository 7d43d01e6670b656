package dev.keg.linux.kernel.file;

import com.sun.jna.Native;
import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Uapi;
import dev.keg.linux.kernel.Uapi.Statfs;
import dev.keg.linux.kernel.file.FileCalls.Dirent;
import dev.keg.linux.kernel.file.FileCalls.Statx;
import dev.keg.tree.ByteString;
import dev.keg.usage.Room;
import dev.keg.usage.TreeScan.Visitor;
import dev.keg.volume.Size;
import java.nio.ByteBuffer;

/**
 * Measures directories with one statx(2) for each entry, whose name stays where getdents(2) put it.
 * Not thread-safe.
 */
public final class FileMeter extends FileKernel {
  private static final ThreadLocal<FileMeter> OF_THREAD = ThreadLocal.withInitial(FileMeter::new);
  private static final int S_IFMT = 0170000;
  private static final int S_IFDIR = 0040000;

  /** The instance of the calling thread. */
  public static FileMeter ofThread() {
    return OF_THREAD.get();
  }

  /** The identity of a file that has several names. */
  private record Inode(int major, int minor, long number) {}

  /** Reports each entry of an open directory, except mount points and entries that vanished. */
  public void entries(int directory, Visitor visitor) throws ErrnoException {
    while (true) {
      long n = check("getdents", directory, FileCalls.getdents64(directory, names.address, NAMES));
      if (n == 0) {
        return;
      }
      for (int at = 0; at < n; at += names.bytes.getShort(at + Dirent.D_RECLEN) & 0xFFFF) {
        int start = at + Dirent.D_NAME;
        if (!isDots(start) && stat(directory, start)) {
          visit(start, visitor);
        }
      }
    }
  }

  /** Returns false if the entry has vanished. */
  private boolean stat(int directory, int start) throws ErrnoException {
    long result =
        FileCalls.statx(
            directory,
            names.address + start,
            FileCalls.AT_SYMLINK_NOFOLLOW,
            FileCalls.STATX_BASIC_STATS,
            structure.address);
    if (result < 0 && Native.getLastError() == Errno.ENOENT) {
      return false;
    }
    check("stat", directory, result);
    return true;
  }

  private void visit(int start, Visitor visitor) {
    ByteBuffer s = structure.bytes;
    long occupied = s.getLong(Statx.STX_BLOCKS) * SECTOR;
    if ((s.getLong(Statx.STX_ATTRIBUTES) & FileCalls.STATX_ATTR_MOUNT_ROOT) != 0) {
      visitor.mountPoint();
    } else if ((s.getShort(Statx.STX_MODE) & S_IFMT) != S_IFDIR) {
      Inode identity = s.getInt(Statx.STX_NLINK) > 1 ? inode() : null;
      visitor.file(identity, s.getLong(Statx.STX_SIZE), occupied);
    } else {
      visitor.directory(names.copy(start, endOfName(start) - start), occupied);
    }
  }

  /** Like {@link #openDirectory}, but fails with EXDEV if the path crosses a mount point. */
  public int openInMount(int directory, ByteString path) throws ErrnoException {
    return openDirectory(directory, path, Uapi.RESOLVE_NO_XDEV);
  }

  private Inode inode() {
    ByteBuffer s = structure.bytes;
    return new Inode(
        s.getInt(Statx.STX_DEV_MAJOR), s.getInt(Statx.STX_DEV_MINOR), s.getLong(Statx.STX_INO));
  }

  /** Identifies an open directory within its file system, including its subvolume. */
  public String identity(int directory) throws ErrnoException {
    check("fstatfs", directory, FileCalls.fstatfs(directory, structure.address));
    long fileSystem = structure.bytes.getLong(Statfs.F_FSID);
    stat(directory);
    return Long.toHexString(fileSystem) + " " + structure.bytes.getLong(Statx.STX_INO);
  }

  /** The bytes that an open directory itself occupies. */
  public long occupied(int directory) throws ErrnoException {
    stat(directory);
    return structure.bytes.getLong(Statx.STX_BLOCKS) * SECTOR;
  }

  /** How full the file system of an open directory is, or its quota if one is reported. */
  public Room room(int directory) throws ErrnoException {
    check("fstatfs", directory, FileCalls.fstatfs(directory, structure.address));
    ByteBuffer s = structure.bytes;
    long block = s.getLong(Statfs.F_BSIZE);
    return new Room(
        new Size(s.getLong(Statfs.F_BLOCKS) * block),
        new Size(s.getLong(Statfs.F_BFREE) * block),
        new Size(s.getLong(Statfs.F_BAVAIL) * block),
        s.getLong(Statfs.F_FILES),
        s.getLong(Statfs.F_FFREE));
  }
}
