package dev.keg.linux.kernel;

import dev.keg.linux.mount.Mount;
import dev.keg.linux.mount.ProcMounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The mounts of a {@link FakeKernel}, changed as the kernel would change them. */
public final class FakeMounts implements MountCalls {
  private final FakeKernel kernel;
  private final List<Mount> mounts = new ArrayList<>();
  private long lastId = 100;

  /** Types that this kernel does not know. */
  public final Set<String> unknownTypes = new TreeSet<>();

  /** Mount points in use, which only a lazy unmount releases. */
  public final Set<String> busy = new TreeSet<>();

  FakeMounts(FakeKernel kernel) {
    this.kernel = kernel;
  }

  /** A context from fsopen(2). */
  private static final class Configured {
    private final String type;
    private final Map<String, String> options = new LinkedHashMap<>();

    Configured(String type) {
      this.type = type;
    }
  }

  /** A mount that is not attached yet. */
  static final class Detached {
    private final String type;
    private final String source;
    private final Set<MountFlag> flags;
    private final List<String> superOptions;
    String attachedAt = "";

    Detached(String type, String source, Set<MountFlag> flags, List<String> superOptions) {
      this.type = type;
      this.source = source;
      this.flags = new TreeSet<>(flags);
      this.superOptions = superOptions;
    }
  }

  public List<Mount> mounts() {
    return List.copyOf(mounts);
  }

  /** Unmounts it like another program. */
  public void forget(Path target) {
    mounts.removeIf(mount -> mount.target().equals(target.toString()));
  }

  public ProcMounts table() {
    return new ProcMounts(mounts);
  }

  boolean uses(String source) {
    return mounts.stream().anyMatch(mount -> mount.source().equals(source));
  }

  /** Mounts it like another program. */
  public void add(String type, String source, String target, Set<MountFlag> flags) {
    attach(new Detached(type, source, flags, List.of("rw")), target);
  }

  private void attach(Detached mount, String target) {
    List<String> options =
        new ArrayList<>(List.of(mount.flags.contains(MountFlag.READ_ONLY) ? "ro" : "rw"));
    mount.flags.stream()
        .filter(flag -> flag != MountFlag.READ_ONLY)
        .map(MountFlag::word)
        .forEach(options::add);
    long parent = table().top(Path.of(target)).map(Mount::id).orElse(1L);
    mounts.add(
        new Mount(
            ++lastId,
            parent,
            "0:" + lastId,
            "/",
            target,
            options,
            List.of(),
            mount.type,
            mount.source,
            mount.superOptions));
    mount.attachedAt = target;
  }

  @Override
  public void mount(
      @Nullable String source,
      String target,
      @Nullable String type,
      long flags,
      @Nullable String data)
      throws ErrnoException {
    String at = kernel.resolve(target);
    String from = source == null ? "" : kernel.resolve(source);
    kernel.call(
        "mount", "%s %s %s 0x%x %s".formatted(from, at, type, flags, data == null ? "" : data));
    if ((flags & Uapi.MS_REMOUNT) != 0 || source == null || source.isEmpty()) {
      require(at);
    } else {
      attach(new Detached(String.valueOf(type), from, Set.of(), List.of("rw")), at);
    }
  }

  private void require(String target) throws ErrnoException {
    if (table().at(Path.of(target)).isEmpty()) {
      throw new ErrnoException("mount", target, Errno.EINVAL);
    }
  }

  @Override
  public void unmount(String target, boolean lazy) throws ErrnoException {
    String at = kernel.resolve(target);
    kernel.call("umount2", lazy ? at + " lazy" : at);
    if (!lazy && busy.contains(at)) {
      throw new ErrnoException("umount2", at, Errno.EBUSY);
    }
    Mount top =
        table().top(Path.of(at)).orElseThrow(() -> new ErrnoException("umount2", at, Errno.EINVAL));
    mounts.remove(top);
    kernel.loops.sweep();
  }

  @Override
  public void detach(Fd mount) throws ErrnoException {
    unmount(mount.path(), true);
  }

  @Override
  public Fd openFileSystem(String type) throws ErrnoException {
    kernel.call("fsopen", type);
    if (unknownTypes.contains(type)) {
      throw new ErrnoException("fsopen", type, Errno.ENODEV);
    }
    return kernel.opened(new Configured(type));
  }

  @Override
  public void configure(Fd fileSystem, FileSystemOption option) throws ErrnoException {
    kernel.call("fsconfig", option);
    kernel
        .what(fileSystem, Configured.class)
        .options
        .put(option.key(), option.value() == null ? "" : option.value());
  }

  @Override
  public void create(Fd fileSystem) throws ErrnoException {
    kernel.call("fsconfig", "create");
  }

  @Override
  public Fd mount(Fd fileSystem, Set<MountFlag> flags) throws ErrnoException {
    kernel.call("fsmount", words(flags));
    Configured configured = kernel.what(fileSystem, Configured.class);
    Map<String, String> options = new LinkedHashMap<>(configured.options);
    String source = options.remove("source");
    List<String> superOptions =
        options.entrySet().stream()
            .map(e -> e.getValue().isEmpty() ? e.getKey() : e.getKey() + "=" + e.getValue())
            .toList();
    return kernel.opened(
        new Detached(configured.type, String.valueOf(source), flags, superOptions));
  }

  private static String words(Set<MountFlag> flags) {
    return flags.stream().sorted().map(MountFlag::word).collect(Collectors.joining(","));
  }

  @Override
  public Fd cloneTree(Fd source, boolean recursive) throws ErrnoException {
    String from = kernel.resolve(source.path());
    kernel.call("open_tree", recursive ? from + " recursive" : from);
    return kernel.opened(new Detached("none", from, Set.of(), List.of("rw")));
  }

  @Override
  public void attach(Fd mount, Fd target) throws ErrnoException {
    Detached detached = kernel.what(mount, Detached.class);
    String at = kernel.resolve(target.path());
    kernel.call("move_mount", detached.source + " " + at);
    attach(detached, at);
  }

  @Override
  public Fd pick(Fd mount) throws ErrnoException {
    kernel.call("fspick", kernel.resolve(mount.path()));
    return kernel.opened(new Configured("picked"));
  }

  @Override
  public void reconfigure(Fd fileSystem) throws ErrnoException {
    kernel.call("fsconfig", "reconfigure");
  }

  @Override
  public void change(Fd mount, boolean recursive, MountChange change) throws ErrnoException {
    String what =
        change.propagation() == null ? words(change.flags()) : change.propagation().word();
    kernel.call("mount_setattr", what + (recursive ? " recursive" : ""));
    kernel.what(mount, Detached.class).flags.addAll(change.flags());
  }
}
