package dev.keg.linux.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.function.Consumer;

/** The real system calls; quotactl_fd(2) needs Linux 5.14 but no device node. */
public final class NativeQuotaCalls extends NativeCalls implements QuotaCalls {
  // fs_disk_quota counts basic blocks of 512 bytes, whatever the block size of the file system.
  private static final int BASIC_BLOCK = 512;

  public NativeQuotaCalls(Consumer<String> debug) {
    super(debug);
  }

  @Override
  public boolean enforced(Fd directory) throws ErrnoException {
    try (Memory status = cleared(Uapi.FsQuotaStat.SIZE)) {
      quotactl("Q_XGETQSTAT", directory, Uapi.Q_XGETQSTAT, 0, status);
      return (status.getShort(Uapi.FsQuotaStat.QS_FLAGS) & Uapi.FS_QUOTA_PDQ_ENFD) != 0;
    }
  }

  @Override
  public int project(Fd directory) throws ErrnoException {
    try (Memory attributes = attributes(directory)) {
      return attributes.getInt(Uapi.Fsxattr.FSX_PROJID);
    }
  }

  @Override
  public void assign(Fd directory, int project) throws ErrnoException {
    try (Memory attributes = attributes(directory)) {
      attributes.setInt(Uapi.Fsxattr.FSX_PROJID, project);
      attributes.setInt(
          Uapi.Fsxattr.FSX_XFLAGS,
          attributes.getInt(Uapi.Fsxattr.FSX_XFLAGS) | Uapi.FS_XFLAG_PROJINHERIT);
      check(
          "FS_IOC_FSSETXATTR",
          directory.path(),
          Libc.ioctl(directory.number(), Uapi.FS_IOC_FSSETXATTR, attributes));
    }
  }

  private Memory attributes(Fd directory) throws ErrnoException {
    Memory attributes = cleared(Uapi.Fsxattr.SIZE);
    check(
        "FS_IOC_FSGETXATTR",
        directory.path(),
        Libc.ioctl(directory.number(), Uapi.FS_IOC_FSGETXATTR, attributes));
    return attributes;
  }

  @Override
  public ProjectUsage usage(Fd directory, int project) throws ErrnoException {
    try (Memory quota = cleared(Uapi.FsDiskQuota.SIZE)) {
      quotactl("Q_XGETQUOTA", directory, Uapi.Q_XGETQUOTA, project, quota);
      return new ProjectUsage(
          quota.getLong(Uapi.FsDiskQuota.D_BLK_HARDLIMIT) * BASIC_BLOCK,
          quota.getLong(Uapi.FsDiskQuota.D_BCOUNT) * BASIC_BLOCK);
    }
  }

  @Override
  public void limit(Fd directory, int project, long bytes) throws ErrnoException {
    try (Memory quota = cleared(Uapi.FsDiskQuota.SIZE)) {
      quota.setByte(Uapi.FsDiskQuota.D_VERSION, (byte) Uapi.FS_DQUOT_VERSION);
      quota.setByte(Uapi.FsDiskQuota.D_FLAGS, (byte) Uapi.FS_PROJ_QUOTA);
      quota.setShort(Uapi.FsDiskQuota.D_FIELDMASK, (short) (Uapi.FS_DQ_BHARD | Uapi.FS_DQ_BSOFT));
      quota.setInt(Uapi.FsDiskQuota.D_ID, project);
      quota.setLong(Uapi.FsDiskQuota.D_BLK_HARDLIMIT, Math.ceilDiv(bytes, BASIC_BLOCK));
      quota.setLong(Uapi.FsDiskQuota.D_BLK_SOFTLIMIT, Math.ceilDiv(bytes, BASIC_BLOCK));
      quotactl("Q_XSETQLIM", directory, Uapi.Q_XSETQLIM, project, quota);
    }
  }

  private void quotactl(String name, Fd directory, int command, int project, Pointer argument)
      throws ErrnoException {
    long number = ((long) command << Uapi.SUBCMDSHIFT) | Uapi.PRJQUOTA;
    check(
        name,
        directory.path(),
        Libc.syscall(Uapi.SYS_quotactl_fd, directory.number(), number, project, argument));
  }

  private static Memory cleared(int size) {
    Memory memory = new Memory(size);
    memory.clear();
    return memory;
  }
}
