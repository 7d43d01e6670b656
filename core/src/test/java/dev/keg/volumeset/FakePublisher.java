package dev.keg.volumeset;

import dev.keg.attachment.FakeMountTable;
import dev.keg.driver.FakeWorld;
import dev.keg.driver.Faults;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.file.FileFailures;
import dev.keg.mountspec.Access;
import dev.keg.publish.MountContent;
import dev.keg.publish.Publisher;
import dev.keg.publish.ResolvedTarget;
import dev.keg.publish.Target;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A kernel that only remembers mounts, in the mount table that Keg reads, and fails on request. The
 * file system follows links, so the real publisher's tests cover hostile ones.
 */
public final class FakePublisher implements Publisher, FakeWorld {
  private final SortedMap<String, String> mounts;
  private final SortedSet<String> within;
  final List<String> resolved = new ArrayList<>();
  private final Set<Path> hidden = new HashSet<>();

  private final List<String> calls = new ArrayList<>();
  private final Faults faults;
  private final FakeMountTable table;
  private Consumer<String> watcher = _ -> {};

  public FakePublisher(FakeMountTable table) {
    this(new TreeMap<>(), new TreeSet<>(), new Faults(), table);
  }

  private FakePublisher(
      SortedMap<String, String> mounts,
      SortedSet<String> within,
      Faults faults,
      FakeMountTable table) {
    this.mounts = mounts;
    this.within = within;
    this.faults = faults;
    this.table = table;
  }

  /** The same kernel, for another process of that machine. */
  public FakePublisher seenFrom(FakeMountTable otherTable) {
    return new FakePublisher(mounts, within, faults, otherTable);
  }

  FakeMountTable table() {
    return table;
  }

  /** Called before each publication and withdrawal. */
  public void watch(Consumer<String> newWatcher) {
    watcher = newWatcher;
  }

  /** Publications and withdrawals so far. */
  public List<String> calls() {
    return calls;
  }

  @Override
  public SortedSet<String> standing() {
    SortedSet<String> lines = new TreeSet<>();
    mounts.forEach((site, what) -> lines.add(what + " on " + site));
    return lines;
  }

  @Override
  public Faults faults() {
    return faults;
  }

  /** Reboots the machine: nothing is mounted. */
  public void reboot() {
    mounts.clear();
    table.reboot();
  }

  private void call(String name, String operation, String target) {
    hideWithin();
    watcher.accept(name);
    calls.add(name);
    if (faults.hit()) {
      throw new MountFailed(operation, target, "told to fail", null);
    }
  }

  @Override
  public ResolvedTarget resolve(Target target) {
    resolved.add(target.path());
    if (target.root().isPresent() && !Files.isDirectory(target.root().get())) {
      throw new MountFailed(
          "mount", target.root().get().toString(), "no such file or directory", null);
    }
    Path path =
        target
            .root()
            .map(root -> root.resolve(target.path().substring(1)))
            .orElseGet(() -> root().resolve(target.path().substring(1)));
    return hidden.contains(path)
        ? ResolvedTarget.hiddenAt(path)
        : FileFailures.translate("resolve", path, () -> resolve(path.normalize()));
  }

  /** From now on the directory is in a container whose mounts are hidden. */
  void hide(Path directory) {
    hidden.add(directory);
  }

  private Path root() {
    return table.path("/");
  }

  private static ResolvedTarget resolve(Path path) throws IOException {
    List<Path> missing = new ArrayList<>();
    Path there = path;
    while (!Files.exists(there)) {
      missing.addFirst(there);
      there = Objects.requireNonNull(there.getParent());
    }
    Path real = there.toRealPath();
    Path end = there;
    return new ResolvedTarget(
        real.resolve(end.relativize(path).toString()).normalize(),
        missing.stream().map(m -> real.resolve(end.relativize(m).toString())).toList());
  }

  @Override
  public void make(ResolvedTarget site, MountContent content) {
    call("make " + site.path(), "mount", site.path().toString());
    boolean file = content instanceof MountContent.Tree(var root, _) && Files.isRegularFile(root);
    FileFailures.run(
        "make",
        site.path(),
        () -> {
          for (Path path : site.missing()) {
            if (file && path.equals(site.path())) {
              Files.createFile(path);
            } else {
              Files.createDirectory(path);
            }
            if (mounts.keySet().stream().anyMatch(path::startsWith)) {
              within.add(path.toString());
            }
          }
        });
  }

  @Override
  public void unmake(List<Path> made) {
    call("unmake " + made, "unmount", made.toString());
    FileFailures.run(
        "unmount",
        made.getLast(),
        () -> {
          try {
            for (Path path : made.reversed()) {
              Files.deleteIfExists(path);
            }
          } catch (DirectoryNotEmptyException e) {
            return; // it is in use
          }
        });
  }

  @Override
  public void publish(MountContent content, ResolvedTarget site, Access access) {
    String what =
        switch (content) {
          case MountContent.Tree(var root, var subpath) ->
              root + (subpath.isEmpty() ? "" : "/" + subpath);
          case MountContent.Unattached(var root) -> root.toString();
          case MountContent.Memory(var options) -> "tmpfs" + options;
        };
    call("publish " + site.path(), "mount", site.path().toString());
    if (!Files.exists(site.path())) {
      throw new MountFailed("mount", site.path().toString(), "no such file or directory", null);
    }
    mounts.put(site.path().toString(), what + (access.readOnly() ? " ro" : " rw"));
    table.bind(
        content instanceof MountContent.Tree(var root, _) ? root.toString() : "",
        site.path().toString());
  }

  /** Renames a directory, with all mounts below it. */
  void rename(Path from, Path to) throws IOException {
    Files.move(from, to);
    table.rename(from.toString(), to.toString());
    for (String site : List.copyOf(mounts.keySet())) {
      if (site.startsWith(from + "/")) {
        mounts.put(
            to + site.substring(from.toString().length()), String.valueOf(mounts.remove(site)));
      }
    }
  }

  @Override
  public void withdraw(Path site, boolean lazy) {
    call("withdraw " + site + (lazy ? " lazily" : ""), "unmount", site.toString());
    boolean busy = mounts.keySet().stream().anyMatch(other -> other.startsWith(site + "/"));
    if (busy && !lazy) {
      throw new MountFailed("unmount", site.toString(), "device or resource busy", null);
    }
    mounts.remove(site.toString());
    table.unmount(site.toString());
    hideWithin();
  }

  /**
   * The directories created in a volume are invisible while it is not mounted. If the disk refuses
   * to delete them, the next call tries again.
   */
  private void hideWithin() {
    for (String text : List.copyOf(within.reversed())) {
      if (mounts.keySet().stream().noneMatch(site -> text.startsWith(site + "/"))) {
        try {
          Files.deleteIfExists(table.path(text));
          within.remove(text);
        } catch (IOException _) {
          return;
        }
      }
    }
  }

  @Override
  public Optional<Original> original(ResolvedTarget site) {
    return Files.isDirectory(site.path()) ? Optional.of(directory(site.path())) : Optional.empty();
  }

  private Original directory(Path from) {
    return new Original() {
      @Override
      public void copy(Path into) {
        call("copy " + from, "copy up", from.toString());
        FileFailures.run("copy up", into, () -> copyTree(from, into));
      }

      @Override
      public void close() {}
    };
  }

  private static void copyTree(Path from, Path into) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.sorted(Comparator.naturalOrder()).toList()) {
        if (!path.equals(from)) {
          Files.copy(path, into.resolve(from.relativize(path).toString()));
        }
      }
    }
    Files.setPosixFilePermissions(into, Files.getPosixFilePermissions(from));
  }

  @Override
  public Optional<OpenPart> part(MountContent.Tree tree, ResolvedTarget site) {
    Path path = tree.root().resolve(tree.subpath());
    return Files.isDirectory(path) ? Optional.of(new SomePart(path)) : Optional.empty();
  }

  private record SomePart(Path path) implements OpenPart {
    @Override
    public void close() {}
  }

  @Override
  public void copyAttributes(Path from, Path to) {
    call("copyAttributes " + to, "copy up", to.toString());
    FileFailures.run(
        "copy up",
        to,
        () -> Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from)));
  }
}
