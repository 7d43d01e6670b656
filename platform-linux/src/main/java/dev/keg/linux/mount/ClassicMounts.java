package dev.keg.linux.mount;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemCalls;
import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.kernel.MountCalls;
import dev.keg.linux.kernel.MountFlag;
import dev.keg.linux.kernel.Uapi;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Mounts made by mount(2), which attaches a mount first and then changes it. If the change fails,
 * the mount is removed again.
 */
final class ClassicMounts {
  // Options of mount(8) that are flags for mount(2), but words for fsconfig(2).
  private static final Map<String, Long> SUPER_FLAGS =
      Map.of(
          "sync", 0x10L, "mand", 0x40L, "dirsync", 0x80L, "silent", 0x8000L, "lazytime", 1L << 25);

  private final MountCalls calls;
  private final FileSystemCalls files;
  private final LocationOpener locations;

  ClassicMounts(MountCalls calls, FileSystemCalls files, LocationOpener locations) {
    this.calls = calls;
    this.files = files;
    this.locations = locations;
  }

  void mount(FileSystemMount mount, Fd target) throws ErrnoException {
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
    Path place = files.path(target);
    calls.mount(mount.source(), target.path(), mount.type(), flags, data);
    share(mount.propagation(), place);
  }

  void bind(BindMount bind, Fd source, Fd target) throws ErrnoException {
    long recursive = bind.recursive() ? Uapi.MS_REC : 0;
    Path place = files.path(target);
    calls.mount(source.path(), target.path(), null, Uapi.MS_BIND | recursive, null);
    finishing(place, mount -> flag(bind.flags(), mount));
    share(bind.propagation(), place);
  }

  void share(@Nullable MountPropagation propagation, Path place) throws ErrnoException {
    if (propagation != null) {
      long flags = propagation.type().number() | (propagation.recursive() ? Uapi.MS_REC : 0);
      finishing(place, mount -> calls.mount(null, mount.path(), null, flags, null));
    }
  }

  // When it binds, mount(2) ignores all flags but MS_REC, so a second call is necessary. That call
  // replaces all flags, so it includes those of the mount, some of which may be locked.
  private void flag(Set<MountFlag> flags, Fd mount) throws ErrnoException {
    if (!flags.isEmpty()) {
      Set<MountFlag> all = EnumSet.copyOf(flags);
      all.addAll(files.space(Path.of(mount.path())).flags());
      long number = Uapi.MS_REMOUNT | Uapi.MS_BIND | MountFlag.legacy(all);
      calls.mount(null, mount.path(), null, number, null);
    }
  }

  /** Changes the mount that was just made; if that fails, removes it again. */
  private void finishing(Path place, Finish finish) throws ErrnoException {
    try (Fd mount = locations.openExact(place)) {
      finish.apply(mount);
    } catch (ErrnoException e) {
      try {
        detach(place);
      } catch (ErrnoException undo) {
        e.addSuppressed(undo);
      }
      throw e;
    }
  }

  private void detach(Path place) throws ErrnoException {
    try (Fd parent = locations.openExact(Objects.requireNonNull(place.getParent()))) {
      calls.unmount(parent.path() + "/" + place.getFileName(), true);
    }
  }

  private interface Finish {
    void apply(Fd mount) throws ErrnoException;
  }
}
