package dev.keg.linux.kernel;

/** Error numbers, from {@code asm-generic/errno-base.h} and {@code asm-generic/errno.h}. */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EIO = 5;
  public static final int ENXIO = 6;
  public static final int EAGAIN = 11;
  public static final int EACCES = 13;
  public static final int ENOTBLK = 15;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int EXDEV = 18;
  public static final int ENODEV = 19;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int EINVAL = 22;
  public static final int ENOTTY = 25;
  public static final int ENOSPC = 28;
  public static final int EROFS = 30;
  public static final int ERANGE = 34;
  public static final int ENAMETOOLONG = 36;
  public static final int ENOSYS = 38;
  public static final int ENOTEMPTY = 39;
  public static final int ELOOP = 40;
  public static final int ENODATA = 61;
  public static final int EOVERFLOW = 75;
  public static final int EPROTONOSUPPORT = 93;
  public static final int EOPNOTSUPP = 95;
  public static final int ENETUNREACH = 101;
  public static final int ETIMEDOUT = 110;
  public static final int ECONNREFUSED = 111;
  public static final int EHOSTDOWN = 112;
  public static final int EHOSTUNREACH = 113;
  public static final int ESTALE = 116;
  public static final int EDQUOT = 122;

  private Errno() {}

  /** As strerror(3) says it, in lower case; a number that is not above is shown as a number. */
  public static String message(int errno) {
    return switch (errno) {
      case EPERM -> "operation not permitted";
      case ENOENT -> "no such file or directory";
      case ESRCH -> "no such process";
      case EINTR -> "interrupted system call";
      case EIO -> "input/output error";
      case ENXIO -> "no such device or address";
      case EAGAIN -> "resource temporarily unavailable";
      case EACCES -> "permission denied";
      case ENOTBLK -> "block device required";
      case EBUSY -> "device or resource busy";
      case EEXIST -> "file exists";
      case EXDEV -> "invalid cross-device link";
      case ENODEV -> "no such device";
      case ENOTDIR -> "not a directory";
      case EISDIR -> "is a directory";
      case EINVAL -> "invalid argument";
      case ENOTTY -> "inappropriate ioctl for device";
      case ENOSPC -> "no space left on device";
      case EROFS -> "read-only file system";
      case ERANGE -> "numerical result out of range";
      case ENAMETOOLONG -> "file name too long";
      case ENOSYS -> "function not implemented";
      case ENOTEMPTY -> "directory not empty";
      case ELOOP -> "too many levels of symbolic links";
      case ENODATA -> "no data available";
      case EOVERFLOW -> "value too large for defined data type";
      case EPROTONOSUPPORT -> "protocol not supported";
      case EOPNOTSUPP -> "operation not supported";
      case ENETUNREACH -> "network is unreachable";
      case ETIMEDOUT -> "connection timed out";
      case ECONNREFUSED -> "connection refused";
      case EHOSTDOWN -> "host is down";
      case EHOSTUNREACH -> "no route to host";
      case ESTALE -> "stale file handle";
      case EDQUOT -> "disk quota exceeded";
      default -> "errno " + errno;
    };
  }
}
