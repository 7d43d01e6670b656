package dev.keg.linux.kernel.file;

import dev.keg.linux.kernel.file.FileCalls.Statx;
import dev.keg.tree.Stat;
import java.nio.ByteBuffer;
import java.time.Instant;

/** The answer of statx in our words. */
final class FileStat {
  /** The flags of chattr(1) that statx reports, and that somebody sets on purpose. */
  private static final long FLAGS =
      FileCalls.STATX_ATTR_IMMUTABLE | FileCalls.STATX_ATTR_APPEND | FileCalls.STATX_ATTR_NODUMP;

  private FileStat() {}

  static Stat of(ByteBuffer s) {
    int mode = s.getShort(Statx.STX_MODE) & 0xFFFF;
    long size = s.getLong(Statx.STX_SIZE);
    long attributes = s.getLong(Statx.STX_ATTRIBUTES);
    return new Stat(
        type(mode),
        mode & 07777,
        s.getInt(Statx.STX_UID) & 0xFFFF_FFFFL,
        s.getInt(Statx.STX_GID) & 0xFFFF_FFFFL,
        size,
        time(s, Statx.STX_MTIME),
        time(s, Statx.STX_CTIME),
        (long) s.getInt(Statx.STX_DEV_MAJOR) << 32 | s.getInt(Statx.STX_DEV_MINOR),
        s.getLong(Statx.STX_INO),
        s.getInt(Statx.STX_NLINK),
        s.getInt(Statx.STX_RDEV_MAJOR),
        s.getInt(Statx.STX_RDEV_MINOR),
        s.getLong(Statx.STX_BLOCKS) * FileKernel.SECTOR < size,
        (attributes & FileCalls.STATX_ATTR_MOUNT_ROOT) != 0,
        (attributes & FLAGS) != 0);
  }

  private static Instant time(ByteBuffer s, int offset) {
    return Instant.ofEpochSecond(s.getLong(offset), s.getInt(offset + Statx.TV_NSEC));
  }

  /** The type bits of st_mode, inode(7). */
  private static Stat.Type type(int mode) {
    return switch (mode & 0170000) {
      case 0040000 -> Stat.Type.DIRECTORY;
      case 0120000 -> Stat.Type.SYMLINK;
      case 0010000 -> Stat.Type.FIFO;
      case 0020000 -> Stat.Type.CHARACTER;
      case 0060000 -> Stat.Type.BLOCK;
      case 0140000 -> Stat.Type.SOCKET;
      default -> Stat.Type.REGULAR;
    };
  }
}
