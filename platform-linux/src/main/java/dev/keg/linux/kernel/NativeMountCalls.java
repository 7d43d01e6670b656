package dev.keg.linux.kernel;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The real system calls. */
public final class NativeMountCalls extends NativeCalls implements MountCalls {
  private static final int LOG_LINE = 4096;

  public NativeMountCalls(Consumer<String> debug) {
    super(debug);
  }

  // The message does not show the data, which may contain a password.
  @Override
  public void mount(
      @Nullable String source,
      String target,
      @Nullable String type,
      long flags,
      @Nullable String data)
      throws ErrnoException {
    check(
        "mount",
        "%s:%s, type: %s, flags: 0x%x".formatted(source, target, type, flags),
        Libc.mount(source, target, type, flags, data));
  }

  @Override
  public void unmount(String target, boolean lazy) throws ErrnoException {
    int flags = Uapi.UMOUNT_NOFOLLOW | (lazy ? Uapi.MNT_DETACH : 0);
    check("umount2", target, Libc.umount2(target, flags));
  }

  @Override
  public void detach(Fd mount) throws ErrnoException {
    check("umount2", mount.path(), Libc.umount2(mount.path(), Uapi.MNT_DETACH));
  }

  @Override
  public Fd openFileSystem(String type) throws ErrnoException {
    return fd(check("fsopen", type, Libc.syscall(Uapi.SYS_fsopen, type, Uapi.FSOPEN_CLOEXEC)));
  }

  @Override
  public void configure(Fd fileSystem, FileSystemOption option) throws ErrnoException {
    int command = option.value() == null ? Uapi.FSCONFIG_SET_FLAG : Uapi.FSCONFIG_SET_STRING;
    check(
        "fsconfig",
        option.toString(),
        Libc.syscall(
            Uapi.SYS_fsconfig, fileSystem.number(), command, option.key(), option.value(), 0),
        () -> log(fileSystem));
  }

  @Override
  public void create(Fd fileSystem) throws ErrnoException {
    check(
        "fsconfig",
        "create",
        Libc.syscall(
            Uapi.SYS_fsconfig, fileSystem.number(), Uapi.FSCONFIG_CMD_CREATE, null, null, 0),
        () -> log(fileSystem));
  }

  @Override
  public Fd mount(Fd fileSystem, Set<MountFlag> flags) throws ErrnoException {
    return fd(
        check(
            "fsmount",
            words(flags),
            Libc.syscall(
                Uapi.SYS_fsmount,
                fileSystem.number(),
                Uapi.FSMOUNT_CLOEXEC,
                MountFlag.attributes(flags)),
            () -> log(fileSystem)));
  }

  // Each read(2) returns one message: "e tmpfs: Unknown parameter 'nope'"; e means error.
  private static @Nullable String log(Fd fileSystem) {
    List<String> errors = new ArrayList<>();
    try (Memory line = new Memory(LOG_LINE)) {
      long length = Libc.read(fileSystem.number(), line, LOG_LINE);
      while (length > 0) {
        String text =
            new String(line.getByteArray(0, (int) length), StandardCharsets.UTF_8).strip();
        if (text.startsWith("e ")) {
          errors.add(text.substring(2));
        }
        length = Libc.read(fileSystem.number(), line, LOG_LINE);
      }
    }
    return errors.isEmpty() ? null : String.join("; ", errors);
  }

  @Override
  public Fd cloneTree(Fd source, boolean recursive) throws ErrnoException {
    long flags =
        Uapi.OPEN_TREE_CLONE
            | Uapi.OPEN_TREE_CLOEXEC
            | Uapi.AT_EMPTY_PATH
            | (recursive ? Uapi.AT_RECURSIVE : 0);
    return fd(
        check(
            "open_tree",
            source.path(),
            Libc.syscall(Uapi.SYS_open_tree, source.number(), "", flags)));
  }

  @Override
  public void attach(Fd mount, Fd target) throws ErrnoException {
    check(
        "move_mount",
        target.path(),
        Libc.syscall(
            Uapi.SYS_move_mount,
            mount.number(),
            "",
            target.number(),
            "",
            Uapi.MOVE_MOUNT_F_EMPTY_PATH | Uapi.MOVE_MOUNT_T_EMPTY_PATH));
  }

  @Override
  public Fd pick(Fd mount) throws ErrnoException {
    long flags = Uapi.FSPICK_CLOEXEC | Uapi.FSPICK_EMPTY_PATH;
    return fd(
        check("fspick", mount.path(), Libc.syscall(Uapi.SYS_fspick, mount.number(), "", flags)));
  }

  @Override
  public void reconfigure(Fd fileSystem) throws ErrnoException {
    check(
        "fsconfig",
        "reconfigure",
        Libc.syscall(
            Uapi.SYS_fsconfig, fileSystem.number(), Uapi.FSCONFIG_CMD_RECONFIGURE, null, null, 0),
        () -> log(fileSystem));
  }

  @Override
  public void change(Fd mount, boolean recursive, MountChange change) throws ErrnoException {
    try (Memory attributes = attributes(change)) {
      long flags = Uapi.AT_EMPTY_PATH | (recursive ? Uapi.AT_RECURSIVE : 0);
      check(
          "mount_setattr",
          words(change.flags()),
          Libc.syscall(
              Uapi.SYS_mount_setattr, mount.number(), "", flags, attributes, Uapi.MountAttr.SIZE));
    }
  }

  /** The struct mount_attr of the change. */
  private static Memory attributes(MountChange change) {
    long set = MountFlag.attributes(change.flags());
    long clear = MountFlag.setsAccessTimes(change.flags()) ? Uapi.MOUNT_ATTR__ATIME : 0;
    Memory memory = new Memory(Uapi.MountAttr.SIZE);
    memory.clear();
    memory.setLong(
        Uapi.MountAttr.ATTR_SET, change.users() == null ? set : set | Uapi.MOUNT_ATTR_IDMAP);
    memory.setLong(Uapi.MountAttr.ATTR_CLR, clear);
    if (change.propagation() != null) {
      memory.setLong(Uapi.MountAttr.PROPAGATION, change.propagation().number());
    }
    if (change.users() != null) {
      memory.setLong(Uapi.MountAttr.USERNS_FD, change.users().number());
    }
    return memory;
  }

  private static String words(Set<MountFlag> flags) {
    return flags.stream().sorted().map(MountFlag::word).collect(Collectors.joining(","));
  }
}
