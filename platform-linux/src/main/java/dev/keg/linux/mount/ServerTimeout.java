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
 * Calls that a server may keep waiting forever, as an NFS server that is gone does: the kernel asks
 * it whether a directory of its is still there before it looks into that. They are made by a thread
 * that can be left behind; the process ends nevertheless.
 */
final class ServerTimeout {
  private final Duration limit;

  /** The mounts whose servers did not answer. */
  private final Set<Long> silent = ConcurrentHashMap.newKeySet();

  ServerTimeout(Duration limit) {
    this.limit = limit;
  }

  /** What is done. */
  @FunctionalInterface
  interface Call {
    void make() throws ErrnoException;
  }

  /** Makes the call; it is ETIMEDOUT if it has not come back in time. */
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

  /** The same for a call to the server of a mount, unless an earlier one did not come back. */
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
