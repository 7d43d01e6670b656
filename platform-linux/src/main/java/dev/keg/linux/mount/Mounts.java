package dev.keg.linux.mount;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemCalls;
import dev.keg.linux.kernel.FileSystemCalls.Space;
import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.kernel.MountCalls;
import dev.keg.linux.kernel.MountCalls.MountChange;
import dev.keg.linux.kernel.MountFlag;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes and removes mounts. Uses the mount API of Linux 5.2, which explains failures and attaches a
 * mount complete with its flags; otherwise mount(2).
 */
public final class Mounts {
  // Enough for a slow server to accept data that was not written to it yet.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  // The pause doubles from one millisecond, so the sum is half a second.
  private static final int LONGEST_PAUSE_MS = 256;

  private static final String SILENT = "the server does not answer";

  private final MountCalls calls;
  private final FileSystemCalls files;
  private final TableReader reader;
  private final LocationOpener locations;
  private final ClassicMounts classic;
  private final DetachedMounts detached;
  private final ServerTimeout servers;

  public Mounts(MountCalls calls, FileSystemCalls files, TableReader reader) {
    this(calls, files, reader, PATIENCE);
  }

  Mounts(MountCalls calls, FileSystemCalls files, TableReader reader, Duration patience) {
    this.calls = calls;
    this.files = files;
    this.reader = reader;
    this.locations = new LocationOpener(files);
    this.classic = new ClassicMounts(calls, files, locations);
    this.detached = new DetachedMounts(calls, files, classic);
    this.servers = new ServerTimeout(patience);
  }

  /** The source of the mount table. */
  @FunctionalInterface
  public interface TableReader {
    ProcMounts read() throws IOException;
  }

  public ProcMounts table() throws IOException {
    return reader.read();
  }

  /** The mount on the directory, whose path may contain links. */
  public Optional<Mount> on(Path directory) throws IOException {
    try {
      return table().top(real(directory));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  // Resolves only the parent: stat on the directory itself could block on an unreachable server.
  private static Path real(Path directory) throws IOException {
    Path name = directory.getFileName();
    Path parent = directory.toAbsolutePath().getParent();
    return name == null || parent == null ? directory : parent.toRealPath().resolve(name);
  }

  /** Opens a place only for use in other calls. */
  public Fd open(FileLocation location) throws ErrnoException {
    return locations.open(location);
  }

  /** Mounts a file system completely or not at all. */
  public void mount(FileSystemMount mount, FileLocation target) throws ErrnoException {
    try (Fd directory = locations.open(target)) {
      if (!detached.mount(mount, directory)) {
        classic.mount(mount, directory);
      }
    } catch (ErrnoException e) {
      throw MissingFileSystem.explained(e, mount.type());
    }
  }

  /**
   * Mounts a file system privately while the work runs. It is always unmounted afterwards. Requires
   * Linux 5.2.
   */
  public void inside(FileSystemMount mount, Inside work) throws ErrnoException, IOException {
    try (Fd root = open(mount)) {
      work.run(Path.of(root.path()));
    }
  }

  /** The same until the returned root directory is closed. */
  public Fd open(FileSystemMount mount) throws ErrnoException {
    return detached.open(mount);
  }

  /** Shows a directory privately until the returned descriptor is closed. */
  public Fd look(FileLocation source) throws ErrnoException {
    try (Fd directory = locations.open(source)) {
      return calls.cloneTree(directory, false);
    }
  }

  /** Work in the root directory of a file system. */
  @FunctionalInterface
  public interface Inside {
    void run(Path root) throws IOException;
  }

  /** A single call of mount(2). */
  public void call(
      @Nullable String source,
      Path target,
      @Nullable String type,
      long flags,
      @Nullable String data)
      throws ErrnoException {
    calls.mount(source, target.toString(), type, flags, data);
  }

  /** Shows the source at the target as well, completely or not at all. */
  public void bind(BindMount bind) throws ErrnoException {
    try (Fd source = locations.open(bind.source());
        Fd target = locations.open(bind.target())) {
      if (!detached.bind(bind, source, target)) {
        classic.bind(bind, source, target);
      }
    }
  }

  /** Attaches a detached mount. */
  public void attach(BindMount mount) throws ErrnoException {
    try (Fd source = locations.open(mount.source());
        Fd target = locations.open(mount.target())) {
      detached.attach(mount, source, target);
    }
  }

  /** Changes the flags of one mount. */
  public void change(FileLocation mount, Set<MountFlag> flags) throws ErrnoException {
    try (Fd open = locations.open(mount)) {
      calls.change(open, false, new MountChange(flags, null, null));
    } catch (ErrnoException e) {
      throw e.errno() == Errno.ENOSYS ? e.because("this needs Linux 5.12") : e;
    }
  }

  /** Changes an option of a mounted file system, for all its mounts. */
  public void reconfigure(FileLocation mount, FileSystemOption option) throws ErrnoException {
    try (Fd open = locations.open(mount);
        Fd fileSystem = calls.pick(open)) {
      calls.configure(fileSystem, option);
      calls.reconfigure(fileSystem);
    } catch (ErrnoException e) {
      throw e.errno() == Errno.ENOSYS ? e.because("this needs Linux 5.2") : e;
    }
  }

  /**
   * Fails if a server holds the directory and does not answer in time. Nobody waits twice for the
   * same mount. A missing directory counts as an answer.
   */
  public void requireAnswer(Path directory) throws ErrnoException {
    if (isOfServer(directory)) {
      try {
        servers.callOnce(mount(directory), "statfs", directory, () -> requireSpace(directory));
      } catch (ErrnoException e) {
        switch (e.errno()) {
          case Errno.ENOENT, Errno.ENOTDIR -> {
            return;
          }
          case Errno.ETIMEDOUT ->
              throw e.because(SILENT, "bring the server back, or unmount the volume");
          default -> throw e;
        }
      }
    }
  }

  private Optional<Long> mount(Path directory) {
    try {
      return table().holding(directory.toAbsolutePath()).map(Mount::id);
    } catch (IOException _) {
      return Optional.empty(); // not mounted, as far as known
    }
  }

  // Unlike reading the directory, this is never answered from the cache.
  private void requireSpace(Path directory) throws ErrnoException {
    Space _ = files.space(directory);
  }

  /**
   * Unmounts the directory; if nothing is mounted, that is not an error. A lazy unmount hides the
   * mount at once and removes it after its last use.
   */
  public void unmount(Path directory, boolean lazy) throws ErrnoException {
    Path parent = parent(directory);
    unmount(directory, lazy, () -> files.open(parent, FileSystemCalls.OpenMode.LOOK));
  }

  /** The same for a real path that somebody else may change: a link in it fails with ELOOP. */
  public void unmountExact(Path directory, boolean lazy) throws ErrnoException {
    Path parent = parent(directory);
    unmount(directory, lazy, () -> locations.openExact(parent));
  }

  private static Path parent(Path directory) {
    return Objects.requireNonNull(directory.toAbsolutePath().getParent(), "not the root");
  }

  // The parent is held open so that the path cannot be redirected; holding the directory itself
  // would make it busy.
  private void unmount(Path directory, boolean lazy, Opener parent) throws ErrnoException {
    if (isOfServer(directory)) {
      unmountInTime(directory, lazy, parent);
    } else {
      unmountNow(directory, lazy, parent);
    }
  }

  private boolean isOfServer(Path directory) {
    try {
      return table().leadsToServer(directory.toAbsolutePath());
    } catch (IOException _) {
      return false; // not mounted, as far as known
    }
  }

  // The kernel may have detached it and be waiting only for the server's final answer.
  private void unmountInTime(Path directory, boolean lazy, Opener parent) throws ErrnoException {
    try {
      servers.call("umount2", directory, () -> unmountNow(directory, lazy, parent));
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ETIMEDOUT) {
        throw e;
      }
      if (isInTable(directory)) {
        throw e.because(
            SILENT,
            lazy
                ? "bring the server back, or unmount what it is mounted in, with --lazy"
                : "bring the server back, or detach it with --lazy");
      }
    }
  }

  private boolean isInTable(Path directory) {
    try {
      return !table().at(directory.toAbsolutePath()).isEmpty();
    } catch (IOException _) {
      return true; // mounted, as far as known
    }
  }

  private void unmountNow(Path directory, boolean lazy, Opener parent) throws ErrnoException {
    try (Fd held = parent.open()) {
      unmountPatiently(held.path() + "/" + directory.getFileName(), lazy);
    } catch (ErrnoException e) {
      boolean nothingThere =
          switch (e.errno()) {
            case Errno.EINVAL, Errno.ENOENT -> true;
            // The kernel checks the privilege first. A process without it cannot have mounted
            // anything, and must be able to remove a volume that was never mounted.
            case Errno.EPERM -> !isMounted(directory);
            default -> false;
          };
      if (!nothingThere) {
        throw e.errno() == Errno.EBUSY ? e.because("", whoUses(directory)) : e;
      }
    }
  }

  // A reader keeps the mount busy for a moment: another keg that measures or checks it, or a
  // monitor that reads its free space.
  private void unmountPatiently(String path, boolean lazy) throws ErrnoException {
    for (int pause = 1; ; pause *= 2) {
      try {
        calls.unmount(path, lazy);
        return;
      } catch (ErrnoException e) {
        if (e.errno() != Errno.EBUSY || pause > LONGEST_PAUSE_MS || !hasSlept(pause)) {
          throw e;
        }
      }
    }
  }

  private static boolean hasSlept(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String whoUses(Path directory) {
    return "stop what uses it, which `fuser -vm %s` lists, or detach it with --lazy"
        .formatted(directory);
  }

  private boolean isMounted(Path directory) {
    try {
      return on(directory).isPresent();
    } catch (IOException e) {
      return true; // mounted, as far as known
    }
  }

  private interface Opener {
    Fd open() throws ErrnoException;
  }
}
