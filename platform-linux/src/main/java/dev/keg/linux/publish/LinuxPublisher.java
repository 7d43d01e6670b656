package dev.keg.linux.publish;

import dev.keg.error.HolderException.MountFailed;
import dev.keg.file.FileFailures;
import dev.keg.linux.driver.DriverOperation.Action;
import dev.keg.linux.driver.DriverOperation.Call;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.Fd;
import dev.keg.linux.kernel.FileSystemCalls.OpenMode;
import dev.keg.linux.mount.BindMount;
import dev.keg.linux.mount.FileLocation;
import dev.keg.linux.mount.Mount;
import dev.keg.linux.mount.ProcMounts;
import dev.keg.linux.program.ToolException;
import dev.keg.mountspec.Access;
import dev.keg.mountspec.IdMap;
import dev.keg.publish.MountContent;
import dev.keg.publish.Publisher;
import dev.keg.publish.ResolvedTarget;
import dev.keg.publish.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Publishes volumes by mounting them. */
public final class LinuxPublisher implements Publisher {
  // More mounts on one path than anybody makes.
  private static final int MOST = 1000;

  private final Kernel kernel;
  private final TargetCreation targets;
  private final Relabelling relabelling;

  public LinuxPublisher(Kernel kernel) {
    this.kernel = kernel;
    this.targets = new TargetCreation(kernel.files());
    this.relabelling = new Relabelling(kernel.tools());
  }

  @Override
  public ResolvedTarget resolve(Target target) {
    try (Fd root = root(target.root().orElse(Path.of("/")))) {
      return attempt(
          "mount", target.path(), () -> new TargetResolver(kernel.files(), root).of(target.path()));
    }
  }

  private Fd root(Path root) {
    return attempt("mount", root.toString(), () -> kernel.files().open(root, OpenMode.LOOK));
  }

  @Override
  public void make(ResolvedTarget site, MountContent content) {
    run(
        "mount",
        site.path().toString(),
        () -> targets.make(site.missing(), isDirectory(content, site)));
  }

  private boolean isDirectory(MountContent content, ResolvedTarget site) throws ErrnoException {
    return switch (content) {
      case MountContent.Memory _, MountContent.Unattached _ -> true;
      case MountContent.Tree tree -> {
        try (Fd source = open(tree, site)) {
          yield Files.isDirectory(Path.of(source.path()));
        }
      }
    };
  }

  @Override
  public void unmake(List<Path> made) {
    if (!made.isEmpty()) {
      run("unmount", made.getFirst().toString(), () -> targets.unmake(made));
    }
  }

  @Override
  public void publish(MountContent content, ResolvedTarget site, Access access) {
    run(
        "mount",
        site.path().toString(),
        () -> {
          switch (content) {
            case MountContent.Memory memory ->
                kernel
                    .mounts()
                    .mount(AccessFlags.memory(memory, access), FileLocation.exactly(site.path()));
            case MountContent.Tree tree -> publish(tree, site, access);
            case MountContent.Unattached(var root) -> attach(root, site, access);
          }
        });
  }

  private void publish(MountContent.Tree tree, ResolvedTarget site, Access access)
      throws ErrnoException, ToolException, IOException {
    try (Fd source = open(tree, site);
        Fd target = kernel.mounts().open(FileLocation.exactly(site.path()))) {
      requireSameKind(site, source, target);
      if (access.relabel().isPresent()) {
        relabelling.relabel(source, site, access.relabel().get());
      }
      try (@Nullable Fd users = users(access.idMap())) {
        kernel.mounts().bind(bind(source, target, access, users));
      }
    }
  }

  private void attach(Path root, ResolvedTarget site, Access access)
      throws ErrnoException, ToolException, IOException {
    try (Fd source = kernel.mounts().open(FileLocation.at(root));
        Fd target = kernel.mounts().open(FileLocation.exactly(site.path()));
        @Nullable Fd users = users(access.idMap())) {
      requireSameKind(site, source, target);
      kernel.mounts().attach(bind(source, target, access, users));
    }
  }

  private static BindMount bind(Fd source, Fd target, Access access, @Nullable Fd users) {
    return new BindMount(
        FileLocation.open(source),
        FileLocation.open(target),
        AccessFlags.submounts(access),
        AccessFlags.flags(access),
        AccessFlags.propagation(access),
        users);
  }

  /** Opens the content to show; uses docker's message if a subpath is missing or leads outside. */
  private Fd open(MountContent.Tree tree, ResolvedTarget site) throws ErrnoException {
    kernel.mounts().requireAnswer(tree.root());
    if (tree.subpath().isEmpty()) {
      return kernel.mounts().open(FileLocation.at(tree.root()));
    }
    try {
      return kernel.mounts().open(FileLocation.beneath(tree.root(), tree.subpath()));
    } catch (ErrnoException e) {
      throw new MountFailed(
          "mount",
          site.path().toString(),
          e.errno() == Errno.EXDEV
              ? "path concatenation escapes the base directory, base: %s, subpath: %s"
                  .formatted(tree.root(), tree.subpath())
              : "cannot access path %s: %s"
                  .formatted(tree.root().resolve(tree.subpath()), e.reason()),
          null,
          e);
    }
  }

  private static void requireSameKind(ResolvedTarget site, Fd source, Fd target) {
    boolean directory = Files.isDirectory(Path.of(source.path()));
    if (directory != Files.isDirectory(Path.of(target.path()))) {
      throw new MountFailed(
          "mount",
          site.path().toString(),
          directory ? "the target is not a directory" : "the target is not a file",
          "a directory is mounted on a directory, a file on a file");
    }
  }

  private @Nullable Fd users(Optional<IdMap> map)
      throws ErrnoException, ToolException, IOException {
    return map.isEmpty()
        ? null
        : kernel.users().map(lines(map.get().uids()), lines(map.get().gids()));
  }

  // Without ranges, owners are not translated.
  private static String lines(List<IdMap.Range> ranges) {
    if (ranges.isEmpty()) {
      return "0 0 4294967295\n";
    }
    StringBuilder lines = new StringBuilder();
    for (IdMap.Range range : ranges) {
      lines.append("%d %d %d\n".formatted(range.onDisk(), range.seen(), range.count()));
    }
    return lines.toString();
  }

  @Override
  public void withdraw(Path site, boolean lazy) {
    run(
        "unmount",
        site.toString(),
        () -> {
          ProcMounts table = kernel.mounts().table();
          for (int round = 0; round < MOST && !table.at(site).isEmpty(); round++) {
            for (Mount mount : (lazy ? table.at(site) : table.below(site)).reversed()) {
              kernel.mounts().unmountExact(Path.of(mount.target()), lazy);
            }
            table = kernel.mounts().table();
          }
        });
  }

  @Override
  public Optional<Original> original(ResolvedTarget site) {
    if (!site.exists()) {
      return Optional.empty();
    }
    Fd open =
        attempt(
            "copy up",
            site.path().toString(),
            () -> kernel.mounts().open(FileLocation.exactly(site.path())));
    Original original = new OpenOriginal(this, site.path(), open);
    if (Files.isDirectory(Path.of(open.path()))) {
      return Optional.of(original);
    }
    original.close();
    return Optional.empty();
  }

  /** Content that is named by its open descriptor, wherever its path leads by then. */
  private record OpenOriginal(LinuxPublisher publisher, Path path, Fd open) implements Original {
    @Override
    public void copy(Path into) {
      run("copy up", path.toString(), () -> fill(into));
    }

    private void fill(Path into) throws ErrnoException {
      Path parent = Objects.requireNonNull(into.getParent());
      try (Fd directory = publisher.within(parent, into)) {
        TargetCopy.copy(path, open, Path.of(directory.path(), "."));
      }
    }

    @Override
    public void close() {
      open.close();
    }
  }

  // Opens it by its parent, because the path to the parent may be a link of /proc.
  private Fd within(Path parent, Path directory) throws ErrnoException {
    try {
      String name = String.valueOf(directory.getFileName());
      return kernel.mounts().open(FileLocation.beneath(parent, name));
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOSYS) {
        throw e;
      }
      return kernel.mounts().open(FileLocation.exactly(directory));
    }
  }

  @Override
  public Optional<OpenPart> part(MountContent.Tree tree, ResolvedTarget site) {
    Fd open = attempt("mount", site.path().toString(), () -> open(tree, site));
    // Without the dot, some readers would take that name for the link that it is.
    Path path = Path.of(open.path(), ".");
    if (Files.isDirectory(path)) {
      return Optional.of(new OpenFd(path, open));
    }
    open.close();
    return Optional.empty();
  }

  private record OpenFd(Path path, Fd open) implements OpenPart {
    @Override
    public void close() {
      open.close();
    }
  }

  @Override
  public void copyAttributes(Path from, Path to) {
    run("copy up", to.toString(), () -> attributes(from, to));
  }

  private void attributes(Path from, Path to) throws ErrnoException {
    try (Fd open = within(to, from)) {
      TargetCopy.attributes(from, open, to);
    }
  }

  private static void run(String operation, String target, Action action) {
    boolean _ =
        attempt(
            operation,
            target,
            () -> {
              action.run();
              return true;
            });
  }

  private static <T> T attempt(String operation, String target, Call<T> call) {
    try {
      return call.run();
    } catch (ErrnoException e) {
      throw new MountFailed(operation, target, e.reason(), e.remedy().orElse(null), e);
    } catch (ToolException e) {
      String why = String.valueOf(e.getMessage());
      throw new MountFailed(operation, target, why, e.hint().orElse(null), e);
    } catch (IOException e) {
      throw new MountFailed(operation, target, FileFailures.reason(e), null, e);
    }
  }
}
