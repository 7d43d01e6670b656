package dev.keg.linux.kernel;

/**
 * Numbers of the kernel's interface, under their C names. A structure is given as its size and the
 * offsets of the fields in use; a test compares all of them with the C headers.
 */
public final class Uapi {
  // sys/mount.h, linux/mount.h
  public static final long MS_REMOUNT = 0x20;
  public static final long MS_BIND = 0x1000;
  public static final long MS_REC = 0x4000;
  public static final int MNT_DETACH = 2;
  public static final int UMOUNT_NOFOLLOW = 8;
  public static final int FSOPEN_CLOEXEC = 1;
  public static final int FSMOUNT_CLOEXEC = 1;
  public static final int FSCONFIG_SET_FLAG = 0;
  public static final int FSCONFIG_SET_STRING = 1;
  public static final int FSCONFIG_CMD_CREATE = 6;
  public static final int FSCONFIG_CMD_RECONFIGURE = 7;
  public static final int FSPICK_CLOEXEC = 1;
  public static final int FSPICK_EMPTY_PATH = 8;
  public static final int OPEN_TREE_CLONE = 1;
  public static final int OPEN_TREE_CLOEXEC = 0x80000;
  public static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
  public static final int MOVE_MOUNT_T_EMPTY_PATH = 0x40;
  public static final long MOUNT_ATTR__ATIME = 0x70;
  public static final long MOUNT_ATTR_IDMAP = 0x100000;

  // fcntl.h; these three differ between architectures
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_CREAT = 0x40;
  public static final int O_EXCL = 0x80;
  public static final int O_CLOEXEC = 0x80000;
  public static final int O_PATH = 0x200000;
  public static final int O_DIRECTORY = arm64() ? 0x4000 : 0x10000;
  public static final int O_NOFOLLOW = arm64() ? 0x8000 : 0x20000;
  public static final int SEEK_DATA = 3;
  public static final int SEEK_HOLE = 4;
  public static final int AT_FDCWD = -100;
  public static final int AT_REMOVEDIR = 0x200;
  public static final int AT_EMPTY_PATH = 0x1000;
  public static final int AT_RECURSIVE = 0x8000;

  // linux/openat2.h
  public static final long RESOLVE_NO_XDEV = 1;
  public static final long RESOLVE_NO_MAGICLINKS = 2;
  public static final long RESOLVE_NO_SYMLINKS = 4;
  public static final long RESOLVE_BENEATH = 8;
  public static final long RESOLVE_IN_ROOT = 16;

  // asm-generic/socket.h
  public static final int SOL_SOCKET = 1;
  public static final int SO_PEERCRED = 17;

  // asm-generic/unistd.h; the same on every architecture since Linux 5.1
  public static final long SYS_open_tree = 428;
  public static final long SYS_move_mount = 429;
  public static final long SYS_fsopen = 430;
  public static final long SYS_fsconfig = 431;
  public static final long SYS_fsmount = 432;
  public static final long SYS_fspick = 433;
  public static final long SYS_openat2 = 437;
  public static final long SYS_mount_setattr = 442;
  public static final long SYS_quotactl_fd = 443;

  // linux/loop.h
  public static final long LOOP_CLR_FD = 0x4c01;
  public static final long LOOP_SET_CAPACITY = 0x4c07;
  public static final long LOOP_CONFIGURE = 0x4c0a;
  public static final long LOOP_CTL_GET_FREE = 0x4c82;
  public static final int LO_FLAGS_READ_ONLY = 1;
  public static final int LO_FLAGS_AUTOCLEAR = 4;
  public static final int LO_FLAGS_DIRECT_IO = 16;

  // linux/fs.h
  public static final long FICLONE = 0x40049409;
  public static final long FIFREEZE = 0xc0045877L;
  public static final long FITHAW = 0xc0045878L;
  public static final long FS_IOC_FSGETXATTR = 0x801c581fL;
  public static final long FS_IOC_FSSETXATTR = 0x401c5820L;
  public static final int FS_XFLAG_PROJINHERIT = 0x200;
  public static final long FS_IOC_GETFLAGS = 0x80086601L;
  public static final long FS_IOC_SETFLAGS = 0x40086602L;
  public static final int FS_COMPR_FL = 4;
  public static final int FS_NOCOMP_FL = 0x400;
  public static final int FS_NOCOW_FL = 0x800000;

  // linux/btrfs.h, linux/btrfs_tree.h
  public static final long BTRFS_IOC_SUBVOL_CREATE = 0x5000940eL;
  public static final long BTRFS_IOC_SNAP_DESTROY = 0x5000940fL;
  public static final long BTRFS_IOC_INO_LOOKUP = 0xd0009412L;
  public static final long BTRFS_IOC_SNAP_CREATE_V2 = 0x50009417L;
  public static final long BTRFS_IOC_SUBVOL_GETFLAGS = 0x80089419L;
  public static final long BTRFS_IOC_SUBVOL_SETFLAGS = 0x4008941aL;
  public static final long BTRFS_IOC_GET_SUBVOL_ROOTREF = 0xd000943dL;
  public static final long BTRFS_SUBVOL_RDONLY = 2;

  /** The inode number of the root of each subvolume. */
  public static final long BTRFS_FIRST_FREE_OBJECTID = 256;

  // linux/dqblk_xfs.h; the command of quotactl(2) is shifted by SUBCMDSHIFT, sys/quota.h
  public static final int SUBCMDSHIFT = 8;
  public static final int PRJQUOTA = 2;
  public static final int Q_XGETQUOTA = 0x5803;
  public static final int Q_XSETQLIM = 0x5804;
  public static final int Q_XGETQSTAT = 0x5805;
  public static final int FS_DQUOT_VERSION = 1;
  public static final int FS_PROJ_QUOTA = 2;
  public static final int FS_DQ_BSOFT = 4;
  public static final int FS_DQ_BHARD = 8;
  public static final int FS_QUOTA_PDQ_ENFD = 0x20;

  private Uapi() {}

  private static boolean arm64() {
    return System.getProperty("os.arch", "").equals("aarch64");
  }

  /** linux/mount.h. */
  public static final class MountAttr {
    public static final int SIZE = 32;
    public static final int ATTR_SET = 0;
    public static final int ATTR_CLR = 8;
    public static final int PROPAGATION = 16;
    public static final int USERNS_FD = 24;

    private MountAttr() {}
  }

  /** sys/socket.h. */
  public static final class Ucred {
    public static final int SIZE = 12;
    public static final int PID = 0;

    private Ucred() {}
  }

  /** linux/openat2.h. */
  public static final class OpenHow {
    public static final int SIZE = 24;
    public static final int FLAGS = 0;
    public static final int RESOLVE = 16;

    private OpenHow() {}
  }

  /** linux/loop.h. */
  public static final class LoopConfig {
    public static final int SIZE = 304;
    public static final int FD = 0;
    public static final int BLOCK_SIZE = 4;
    public static final int INFO = 8;

    private LoopConfig() {}
  }

  /** linux/loop.h. */
  public static final class LoopInfo64 {
    public static final int SIZE = 232;
    public static final int LO_OFFSET = 24;
    public static final int LO_SIZELIMIT = 32;
    public static final int LO_FLAGS = 52;
    public static final int LO_FILE_NAME = 56;
    public static final int LO_NAME_SIZE = 64;

    private LoopInfo64() {}
  }

  /** struct statx of linux/stat.h, as far as it concerns mounts; since Linux 6.8. */
  public static final class StatxMount {
    public static final int SIZE = 256;
    public static final int STX_MASK = 0;
    public static final int STX_MNT_ID = 144;
    public static final int STATX_MNT_ID_UNIQUE = 0x4000;
    public static final int AT_SYMLINK_NOFOLLOW = 0x100;
    public static final int AT_NO_AUTOMOUNT = 0x800;
    public static final int AT_STATX_DONT_SYNC = 0x4000;

    /** Blocks of 512 bytes, whatever the file system's block size. */
    public static final int STATX_BLOCKS = 0x400;

    public static final int STX_BLOCKS = 48;

    private StatxMount() {}
  }

  /** linux/mount.h, since Linux 6.8: the request for a mount. */
  public static final class MntIdReq {
    public static final int SIZE = 24;
    public static final int SIZE_FIELD = 0;
    public static final int MNT_ID = 8;
    public static final int PARAM = 16;

    private MntIdReq() {}
  }

  /** linux/mount.h, since Linux 6.8: the answer about a mount. */
  public static final class Statmount {
    public static final int SIZE = 512;
    public static final int MNT_ID_OLD = 56;
    public static final long STATMOUNT_MNT_BASIC = 2;
    public static final long SYS_statmount = 457;

    private Statmount() {}
  }

  /** sys/vfs.h, on 64-bit machines. */
  public static final class Statfs {
    public static final int SIZE = 120;
    public static final int F_TYPE = 0;
    public static final int F_BSIZE = 8;
    public static final int F_BLOCKS = 16;
    public static final int F_BFREE = 24;
    public static final int F_BAVAIL = 32;
    public static final int F_FILES = 40;
    public static final int F_FFREE = 48;
    public static final int F_FSID = 56;
    public static final int F_FLAGS = 80;

    private Statfs() {}
  }

  /** linux/fs.h. */
  public static final class Fsxattr {
    public static final int SIZE = 28;
    public static final int FSX_XFLAGS = 0;
    public static final int FSX_PROJID = 12;

    private Fsxattr() {}
  }

  /** struct btrfs_ioctl_vol_args of linux/btrfs.h, and others that are as large. */
  public static final class BtrfsVolArgs {
    public static final int SIZE = 4096;
    public static final int NAME = 8;
    public static final int V2_FLAGS = 16;
    public static final int V2_NAME = 56;
    public static final int LOOKUP_OBJECTID = 8;
    public static final int ROOTREF_NUM_ITEMS = 4088;

    private BtrfsVolArgs() {}
  }

  /** linux/dqblk_xfs.h. */
  public static final class FsDiskQuota {
    public static final int SIZE = 112;
    public static final int D_VERSION = 0;
    public static final int D_FLAGS = 1;
    public static final int D_FIELDMASK = 2;
    public static final int D_ID = 4;
    public static final int D_BLK_HARDLIMIT = 8;
    public static final int D_BLK_SOFTLIMIT = 16;
    public static final int D_BCOUNT = 40;

    private FsDiskQuota() {}
  }

  /** linux/dqblk_xfs.h. */
  public static final class FsQuotaStat {
    public static final int SIZE = 80;
    public static final int QS_FLAGS = 2;

    private FsQuotaStat() {}
  }
}
