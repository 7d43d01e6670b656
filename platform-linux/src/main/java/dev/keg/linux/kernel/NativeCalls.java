package dev.keg.linux.kernel;

import com.sun.jna.Native;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The base of native calls: turns failures into exceptions and reports each call to debug. */
abstract class NativeCalls {
  private final Consumer<String> debug;

  NativeCalls(Consumer<String> debug) {
    this.debug = debug;
  }

  /** Turns a result of -1 into an exception. */
  final long check(String call, String target, long result) throws ErrnoException {
    return check(call, target, result, () -> null);
  }

  /** The same; on failure, adds the kernel's own message. */
  final long check(String call, String target, long result, Explanation explanation)
      throws ErrnoException {
    if (result >= 0) {
      debug.accept(call + " " + target);
      return result;
    }
    int errno = Native.getLastError();
    ErrnoException failure = new ErrnoException(call, target, errno, explanation.read());
    debug.accept(failure.getMessage());
    throw failure;
  }

  static Fd fd(long number) {
    return new Fd((int) number, Libc::close);
  }

  /** Provides more detail about a failure. */
  @FunctionalInterface
  interface Explanation {
    @Nullable String read();
  }
}
