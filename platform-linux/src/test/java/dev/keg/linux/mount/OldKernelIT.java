package dev.keg.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.kernel.MountCalls;
import dev.keg.linux.kernel.MountCalls.MountChange;
import dev.keg.linux.kernel.MountFlag;
import dev.keg.linux.kernel.NativeFileSystemCalls;
import dev.keg.linux.kernel.NativeMountCalls;
import dev.keg.linux.kernel.Propagation;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The fallback without the mount API of Linux 5.2, on a kernel that permits it. */
@NeedsRoot
public class OldKernelIT {
  @RegisterExtension final MachineState machine = new MachineState();

  private final Mounts mounts =
      new Mounts(
          new Old(new NativeMountCalls(_ -> {})),
          new NativeFileSystemCalls(_ -> {}),
          ProcMounts::read);

  /** A kernel that only has mount(2) and umount2(2). */
  private record Old(MountCalls kernel) implements MountCalls {
    @Override
    public void mount(
        @Nullable String source,
        String target,
        @Nullable String type,
        long flags,
        @Nullable String data)
        throws ErrnoException {
      kernel.mount(source, target, type, flags, data);
    }

    @Override
    public void unmount(String target, boolean lazy) throws ErrnoException {
      kernel.unmount(target, lazy);
    }

    @Override
    public void detach(Fd mount) throws ErrnoException {
      kernel.detach(mount);
    }

    private static ErrnoException missing(String call) {
      return new ErrnoException(call, "", Errno.ENOSYS);
    }

    @Override
    public Fd openFileSystem(String type) throws ErrnoException {
      throw missing("fsopen");
    }

    @Override
    public void configure(Fd fileSystem, FileSystemOption option) throws ErrnoException {
      throw missing("fsconfig");
    }

    @Override
    public void create(Fd fileSystem) throws ErrnoException {
      throw missing("fsconfig");
    }

    @Override
    public Fd mount(Fd fileSystem, Set<MountFlag> flags) throws ErrnoException {
      throw missing("fsmount");
    }

    @Override
    public Fd cloneTree(Fd source, boolean recursive) throws ErrnoException {
      throw missing("open_tree");
    }

    @Override
    public void attach(Fd mount, Fd target) throws ErrnoException {
      throw missing("move_mount");
    }

    @Override
    public Fd pick(Fd mount) throws ErrnoException {
      throw missing("fspick");
    }

    @Override
    public void reconfigure(Fd fileSystem) throws ErrnoException {
      throw missing("fsconfig");
    }

    @Override
    public void change(Fd mount, boolean recursive, MountChange change) throws ErrnoException {
      throw missing("mount_setattr");
    }
  }

  @Test
  void a_file_system_is_mounted_with_flags_and_options() throws Exception {
    Path target = Files.createDirectory(machine.directory().resolve("t"));

    mounts.mount(
        new FileSystemMount(
            "tmpfs",
            "keg",
            Set.of(MountFlag.NOSUID, MountFlag.NODEV),
            List.of(FileSystemOption.of("size", "1m"), FileSystemOption.flag("sync"))),
        FileLocation.at(target));

    Mount mount = mounts.on(target).orElseThrow();
    assertThat(mount.options()).contains("nosuid", "nodev");
    assertThat(mount.superOptions()).contains("size=1024k", "sync");
    mounts.unmount(target, false);
  }

  @Test
  void a_bind_mount_becomes_read_only_and_keeps_the_flags_that_it_has() throws Exception {
    Path source = Files.createDirectory(machine.directory().resolve("source"));
    Path target = Files.createDirectory(machine.directory().resolve("target"));
    mounts.mount(
        new FileSystemMount("tmpfs", "keg", Set.of(MountFlag.NOEXEC), List.of()),
        FileLocation.at(source));

    mounts.bind(
        new BindMount(
            FileLocation.at(source),
            FileLocation.exactly(target),
            Submounts.LEFT_OUT,
            Set.of(MountFlag.READ_ONLY),
            new MountPropagation(Propagation.SHARED, false),
            null));

    Mount mount = mounts.on(target).orElseThrow();
    assertThat(mount.options()).contains("ro", "noexec");
    assertThat(mount.peers()).anyMatch(peer -> peer.startsWith("shared:"));
    assertThatThrownBy(() -> Files.createFile(target.resolve("x")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("Read-only");
    mounts.unmount(target, false);
    mounts.unmount(source, false);
  }
}
