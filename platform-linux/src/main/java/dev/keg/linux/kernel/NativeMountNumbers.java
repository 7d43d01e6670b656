package dev.keg.linux.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import dev.keg.linux.kernel.Uapi.MntIdReq;
import dev.keg.linux.kernel.Uapi.Statmount;
import dev.keg.linux.kernel.Uapi.StatxMount;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The mount numbers that the kernel reports. */
public final class NativeMountNumbers implements MountNumbers {
  // Do not ask the server of a network file system.
  private static final int FLAGS =
      StatxMount.AT_SYMLINK_NOFOLLOW | StatxMount.AT_NO_AUTOMOUNT | StatxMount.AT_STATX_DONT_SYNC;

  @Override
  public long unique(Path path) {
    try (Memory buffer = new Memory(StatxMount.SIZE)) {
      buffer.clear();
      int mask = StatxMount.STATX_MNT_ID_UNIQUE;
      int result = Libc.statx(Uapi.AT_FDCWD, path.toString(), FLAGS, mask, buffer);
      boolean known = result == 0 && (buffer.getInt(StatxMount.STX_MASK) & mask) != 0;
      return known ? buffer.getLong(StatxMount.STX_MNT_ID) : 0;
    }
  }

  @Override
  public OptionalLong inTable(long unique) {
    try (Memory request = new Memory(MntIdReq.SIZE);
        Memory buffer = new Memory(Statmount.SIZE)) {
      request.clear();
      buffer.clear();
      request.setInt(MntIdReq.SIZE_FIELD, MntIdReq.SIZE);
      request.setLong(MntIdReq.MNT_ID, unique);
      request.setLong(MntIdReq.PARAM, Statmount.STATMOUNT_MNT_BASIC);
      if (Libc.syscall(Statmount.SYS_statmount, request, buffer, Statmount.SIZE, 0) == 0) {
        return OptionalLong.of(buffer.getInt(Statmount.MNT_ID_OLD));
      }
      return Native.getLastError() == Errno.ENOENT ? OptionalLong.of(0) : OptionalLong.empty();
    }
  }
}
