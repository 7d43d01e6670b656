package dev.keg.linux.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes and removes mounts: by the mount API of Linux 5.2, which says what is wrong and attaches a
 * mount complete with its flags, else by mount(2).
 */
public final class Mounts {
  // Options of mount(8) that are flags of mount(2), but words for fsconfig(2).
  private static final Map<String, Long> SUPER_FLAGS =
      Map.of(
          "sync", 0x10L, "mand", 0x40L, "dirsync", 0x80L, "silent", 0x8000L, "lazytime", 1L << 25);

  private final MountCalls calls;
  private final FileSystemCalls files;
  private final TableReader reader;

  public Mounts(MountCalls calls, FileSystemCalls files, TableReader reader) {
    this.calls = calls;
    this.files = files;
    this.reader = reader;
  }

  /** Where the mount table comes from. */
  @FunctionalInterface
  public interface TableReader {
    ProcMounts read() throws IOException;
  }

  public ProcMounts table() throws IOException {
    return reader.read();
  }

  /** What is mounted on the directory; the path may lead there through links. */
  public Optional<Mount> on(Path directory) throws IOException {
    return table().top(real(directory));
  }

  // Asks the parent only: a stat of the directory itself could wait for a server that is gone.
  private static Path real(Path directory) throws IOException {
    Path name = directory.getFileName();
    Path parent = directory.toAbsolutePath().getParent();
    return name == null || parent == null ? directory : parent.toRealPath().resolve(name);
  }

  public void mount(FileSystemMount mount, Path target) throws ErrnoException {
    try (Fd fileSystem = calls.openFileSystem(mount.type());
        Fd directory = files.open(target, FileSystemCalls.OpenMode.LOOK_NO_LINK)) {
      configure(fileSystem, mount);
      calls.create(fileSystem);
      try (Fd detached = calls.mount(fileSystem, mount.flags())) {
        calls.attach(detached, directory);
      }
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOSYS) {
        throw e;
      }
      mountClassic(mount, target);
    }
  }

  /** One call of mount(2), for those who know what they want. */
  public void call(
      @Nullable String source,
      Path target,
      @Nullable String type,
      long flags,
      @Nullable String data)
      throws ErrnoException {
    calls.mount(source, target.toString(), type, flags, data);
  }

  private void configure(Fd fileSystem, FileSystemMount mount) throws ErrnoException {
    calls.configure(fileSystem, FileSystemOption.of("source", mount.source()));
    if (mount.flags().contains(MountFlag.READ_ONLY)) {
      calls.configure(fileSystem, FileSystemOption.flag("ro"));
    }
    for (FileSystemOption option : mount.options()) {
      calls.configure(fileSystem, option);
    }
  }

  private void mountClassic(FileSystemMount mount, Path target) throws ErrnoException {
    long flags = MountFlag.legacy(mount.flags());
    for (FileSystemOption option : mount.options()) {
      flags |= Objects.requireNonNullElse(SUPER_FLAGS.get(option.key()), 0L);
      if (option.text().indexOf(',') >= 0) {
        throw new ErrnoException(
            "mount", option.toString(), Errno.EINVAL, "a comma in an option needs Linux 5.2");
      }
    }
    String data =
        mount.options().stream()
            .filter(option -> !SUPER_FLAGS.containsKey(option.key()))
            .map(FileSystemOption::text)
            .collect(Collectors.joining(","));
    calls.mount(mount.source(), target.toString(), mount.type(), flags, data);
  }

  /** Makes the source seen at the target as well; all of it or nothing. */
  public void bind(BindMount bind) throws ErrnoException {
    try (Fd source = open(bind.source());
        Fd target = open(bind.target())) {
      if (!bindDetached(bind, source, target)) {
        bindClassic(bind, source, target);
      }
    }
  }

  private Fd open(Place place) throws ErrnoException {
    return switch (place) {
      case Place.Exact(var path) -> files.open(path, FileSystemCalls.OpenMode.LOOK);
      case Place.Below(var root, var path) -> {
        try (Fd directory = files.open(root, FileSystemCalls.OpenMode.LOOK)) {
          yield files.openInRoot(directory, path);
        } catch (ErrnoException e) {
          throw e.errno() == Errno.ENOSYS
              ? new ErrnoException(e.call(), path, e.errno(), "this needs Linux 5.6")
              : e;
        }
      }
    };
  }

  /** False where the kernel is too old; then nothing has changed. */
  private boolean bindDetached(BindMount bind, Fd source, Fd target) throws ErrnoException {
    try (Fd mount = calls.cloneTree(source, bind.recursive())) {
      if (!bind.flags().isEmpty() || bind.users() != null) {
        calls.change(mount, bind.recursive(), new MountChange(bind.flags(), null, bind.users()));
      }
      calls.attach(mount, target);
      attached(bind.propagation(), mount);
      return true;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOSYS && bind.users() == null) {
        return false;
      }
      throw e;
    }
  }

  // Only now: a mount that is attached below a shared one becomes shared itself.
  private void attached(@Nullable Propagation propagation, Fd mount) throws ErrnoException {
    if (propagation == null) {
      return;
    }
    try {
      calls.change(mount, true, MountChange.of(propagation));
    } catch (ErrnoException e) {
      undo(mount, e);
      throw e;
    }
  }

  private void undo(Fd mount, ErrnoException failure) {
    try {
      calls.detach(mount);
    } catch (ErrnoException e) {
      failure.addSuppressed(e);
    }
  }

  private void bindClassic(BindMount bind, Fd source, Fd target) throws ErrnoException {
    long recursive = bind.recursive() ? Uapi.MS_REC : 0;
    Path place = files.path(target);
    calls.mount(source.path(), target.path(), null, Uapi.MS_BIND | recursive, null);
    try (Fd mount = openExact(place)) {
      finishClassic(bind, mount);
    } catch (ErrnoException e) {
      try {
        unmountExact(place, true);
      } catch (ErrnoException undo) {
        e.addSuppressed(undo);
      }
      throw e;
    }
  }

  // mount(2) ignores all flags but MS_REC when it binds, hence the second call; and the second call
  // sets all flags anew, hence those that the mount has already, which it may not be free to drop.
  private void finishClassic(BindMount bind, Fd mount) throws ErrnoException {
    if (!bind.flags().isEmpty()) {
      Set<MountFlag> flags = EnumSet.copyOf(bind.flags());
      flags.addAll(files.space(Path.of(mount.path())).flags());
      long number = Uapi.MS_REMOUNT | Uapi.MS_BIND | MountFlag.legacy(flags);
      calls.mount(null, mount.path(), null, number, null);
    }
    if (bind.propagation() != null) {
      calls.mount(null, mount.path(), null, bind.propagation().number() | Uapi.MS_REC, null);
    }
  }

  private Fd openExact(Path path) throws ErrnoException {
    try {
      return files.openExact(path);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOSYS) {
        throw e;
      }
      return files.open(path, FileSystemCalls.OpenMode.LOOK);
    }
  }

  /**
   * Takes down what is mounted on the directory; nothing there is no error. Lazily means: out of
   * sight at once, and gone when its last user is.
   */
  public void unmount(Path directory, boolean lazy) throws ErrnoException {
    Path parent = parent(directory);
    unmount(directory, lazy, () -> files.open(parent, FileSystemCalls.OpenMode.LOOK));
  }

  /** The same for a real path that somebody else may be changing: a link in it is ELOOP. */
  public void unmountExact(Path directory, boolean lazy) throws ErrnoException {
    Path parent = parent(directory);
    unmount(directory, lazy, () -> openExact(parent));
  }

  private static Path parent(Path directory) {
    return Objects.requireNonNull(directory.toAbsolutePath().getParent(), "not the root");
  }

  // The parent is held open so that the path cannot come to lead elsewhere; the directory itself
  // must not be held, for then it would be busy.
  private void unmount(Path directory, boolean lazy, Opener parent) throws ErrnoException {
    try (Fd held = parent.open()) {
      calls.unmount(held.path() + "/" + directory.getFileName(), lazy);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EINVAL && e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
  }

  private interface Opener {
    Fd open() throws ErrnoException;
  }
}
