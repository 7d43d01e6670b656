package dev.keg.linux.kernel;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * C functions, mapped directly; {@code errno} is {@link Native#getLastError}. Calls that older C
 * libraries lack go through syscall(2). The first call loads the library.
 */
final class Libc {
  static {
    Native.register(Libc.class, CLibrary.inProcess());
  }

  private Libc() {}

  static native int mount(
      @Nullable String source,
      String target,
      @Nullable String type,
      long flags,
      @Nullable String data);

  static native int umount2(String target, int flags);

  static native int open(String path, int flags, int mode);

  static native int openat(int directory, String path, int flags, int mode);

  static native int close(int fd);

  static native long read(int fd, Pointer buffer, long count);

  static native int mkdirat(int directory, String name, int mode);

  static native int unlinkat(int directory, String name, int flags);

  static native int getsockopt(int fd, int level, int option, Pointer value, Pointer length);

  static native int statfs(String path, Pointer buffer);

  static native int statx(int directory, String path, int flags, int mask, Pointer buffer);

  static native long lseek(int fd, long offset, int whence);

  static native int fallocate(int fd, int mode, long offset, long length);

  static native int ftruncate(int fd, long length);

  static native int ioctl(int fd, long request, Pointer argument);

  static native int ioctl(int fd, long request, long argument);

  /** fsopen, fsmount. */
  static native long syscall(long number, @Nullable String text, long flags);

  static native long syscall(long number, long fd, long flags, long attributes);

  /** open_tree, fspick. */
  static native long syscall(long number, long directory, String path, long flags);

  /** fsconfig. */
  static native long syscall(
      long number, long fd, long command, @Nullable String key, @Nullable String value, long aux);

  /** move_mount. */
  static native long syscall(
      long number, long from, String fromPath, long to, String toPath, long flags);

  /** statmount. */
  static native long syscall(long number, Pointer request, Pointer buffer, long size, long flags);

  /** openat2. */
  static native long syscall(long number, long directory, String path, Pointer how, long size);

  /** mount_setattr. */
  static native long syscall(
      long number, long directory, String path, long flags, Pointer attributes, long size);

  /** quotactl_fd. */
  static native long syscall(long number, long fd, long command, long id, Pointer argument);
}
