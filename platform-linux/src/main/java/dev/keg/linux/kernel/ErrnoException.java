package dev.keg.linux.kernel;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A system call that failed. Only drivers see it, and they say what it means for a volume. */
public final class ErrnoException extends Exception {
  private final String call;
  private final String target;
  private final int errno;
  private final String reason;
  private final @Nullable String remedy;

  /** The target is what the call was about, usually a path. */
  public ErrnoException(String call, String target, int errno) {
    this(call, target, errno, null);
  }

  /** With what the kernel itself said, if it said something. */
  public ErrnoException(String call, String target, int errno, @Nullable String kernel) {
    this(call, target, errno, kernel, null);
  }

  private ErrnoException(
      String call, String target, int errno, @Nullable String kernel, @Nullable String remedy) {
    super(call + " " + target + ": " + reason(errno, kernel));
    this.call = call;
    this.target = target;
    this.errno = errno;
    this.reason = reason(errno, kernel);
    this.remedy = remedy;
  }

  private static String reason(int errno, @Nullable String kernel) {
    return kernel == null || kernel.isEmpty()
        ? Errno.message(errno)
        : Errno.message(errno) + " (" + kernel + ")";
  }

  /** The same, with what it means. */
  public ErrnoException because(String meaning) {
    return new ErrnoException(call, target, errno, meaning);
  }

  /** The same, with what it means and what to do about it. */
  public ErrnoException because(String meaning, String whatToDo) {
    return new ErrnoException(call, target, errno, meaning, whatToDo);
  }

  public String call() {
    return call;
  }

  public int errno() {
    return errno;
  }

  /** What went wrong, in the C library's words and the kernel's. */
  public String reason() {
    return reason;
  }

  /** What to do about it, if that is known. */
  public Optional<String> remedy() {
    return remedy == null ? Privileges.remedy(errno) : Optional.of(remedy);
  }
}
