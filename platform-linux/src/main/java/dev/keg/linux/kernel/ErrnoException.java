package dev.keg.linux.kernel;

/** A system call that failed. Only drivers see it, and they say what it means for a volume. */
public final class ErrnoException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final int errno;

  /** The target is what the call was about, usually a path. */
  public ErrnoException(String call, String target, int errno) {
    super(call + " " + target + ": " + Errno.message(errno));
    this.call = call;
    this.errno = errno;
  }

  public String call() {
    return call;
  }

  public int errno() {
    return errno;
  }

  /** What went wrong, in the C library's words. */
  public String reason() {
    return Errno.message(errno);
  }
}
