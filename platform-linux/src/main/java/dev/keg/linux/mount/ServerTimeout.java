package dev.keg.linux.mount;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes calls that a server may block forever, as an unreachable NFS server does: the kernel asks
 * it whether a directory still exists before opening it. A separate thread makes each call and can
 * be abandoned; it does not keep the process from ending.
 */
final class ServerTimeout {
  private final Duration limit;

  /** The mounts whose servers did not answer. */
  private final Set<Long> silent = ConcurrentHashMap.newKeySet();

  ServerTimeout(Duration limit) {
    this.limit = limit;
  }

  /** A call that may block. */
  @FunctionalInterface
  interface Call {
    void make() throws ErrnoException;
  }

  /** Makes the call; fails with ETIMEDOUT if it does not return in time. */
  void call(String name, Path path, Call call) throws ErrnoException {
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              call.make();
              return true;
            });
    Thread _ = Thread.ofPlatform().daemon().name(name).start(task);
    try {
      boolean _ = task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      throw new ErrnoException(name, path.toString(), Errno.ETIMEDOUT);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new ErrnoException(name, path.toString(), Errno.EINTR);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case ErrnoException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  /**
   * The same for a call to the server of a mount; fails at once if an earlier one did not return.
   */
  void callOnce(Optional<Long> mount, String name, Path path, Call call) throws ErrnoException {
    if (mount.filter(silent::contains).isPresent()) {
      throw new ErrnoException(name, path.toString(), Errno.ETIMEDOUT);
    }
    try {
      call(name, path, call);
    } catch (ErrnoException e) {
      mount.filter(_ -> e.errno() == Errno.ETIMEDOUT).ifPresent(silent::add);
      throw e;
    }
  }
}
