package dev.keg.linux.kernel;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A failed system call. Only drivers see it; they translate it into an error about a volume. */
public final class ErrnoException extends Exception {
  private final String call;
  private final String target;
  private final int errno;
  private final String reason;
  private final @Nullable String remedy;

  /** The target is the object of the call, usually a path. */
  public ErrnoException(String call, String target, int errno) {
    this(call, target, errno, null);
  }

  /** Adds the kernel's own message, if any. */
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

  /** The same exception with an explanation. */
  public ErrnoException because(String meaning) {
    return new ErrnoException(call, target, errno, meaning);
  }

  /** The same exception with an explanation and a hint. */
  public ErrnoException because(String meaning, String whatToDo) {
    return new ErrnoException(call, target, errno, meaning, whatToDo);
  }

  public String call() {
    return call;
  }

  public int errno() {
    return errno;
  }

  /** The reason, in the words of the C library and the kernel. */
  public String reason() {
    return reason;
  }

  /** The hint, if any. */
  public Optional<String> remedy() {
    return remedy == null ? Privileges.remedy(errno) : Optional.of(remedy);
  }
}
