package dev.keg.linux.mount;

import dev.keg.attachment.MountTable.OutsideMount;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the mounts that show the content of a directory, in any mount namespace and at any place:
 * mounts of its file system with a root inside it, and mounts of file systems that store their data
 * in it.
 */
final class OutsideMounts {
  private static final String DELETED = "//deleted";

  private final Path directory;
  private final ProcMounts own;
  private final BlockDevices devices;
  private final String device;
  private final String root;

  /** A tmpfs stores no data in the directory, but belongs to it if it is mounted as a volume. */
  private final Map<String, Path> memory = new HashMap<>();

  OutsideMounts(Path directory, ProcMounts own, BlockDevices devices) {
    this.directory = directory;
    this.own = own;
    this.devices = devices;
    Optional<Mount> holder = own.holding(directory);
    this.device = holder.map(Mount::device).orElse("");
    this.root =
        holder
            .map(
                mount ->
                    Path.of(mount.root())
                        .resolve(Path.of(mount.target()).relativize(directory).toString()))
            .map(Path::toString)
            .orElse("");
    for (Mount mount : own.below(directory)) {
      Path target = Path.of(mount.target());
      if (mount.type().equals("tmpfs") && directory.relativize(target).getNameCount() == 2) {
        memory.put(mount.device(), target);
      }
    }
  }

  /** The mounts outside the directory, in this namespace and the others. */
  List<OutsideMount> find(Map<Long, ProcMounts> others) {
    List<OutsideMount> found = new ArrayList<>();
    Set<String> groups = new HashSet<>();
    for (Mount mount : own.mounts()) {
      Optional<Path> of = of(mount);
      if (of.isPresent()) {
        groups.addAll(numbers(mount, "shared:").toList());
        if (!Path.of(mount.target()).startsWith(directory)) {
          found.add(new OutsideMount(of.get(), mount.target(), Optional.empty()));
        }
      }
    }
    others.forEach((process, table) -> find(process, table, groups, found));
    return found;
  }

  private void find(Long process, ProcMounts table, Set<String> groups, List<OutsideMount> found) {
    List<Mount> mounts = table.mounts().stream().filter(mount -> of(mount).isPresent()).toList();
    // Peers and slaves of a mount count as its copies; copies of copies may be listed first, so
    // repeat.
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Mount mount : mounts) {
        if (isCopy(mount, groups)) {
          grown |= groups.addAll(numbers(mount, "shared:").toList());
        }
      }
    }
    for (Mount mount : mounts) {
      if (!isCopy(mount, groups)) {
        of(mount)
            .ifPresent(of -> found.add(new OutsideMount(of, mount.target(), Optional.of(process))));
      }
    }
  }

  /**
   * Whether the kernel created the mount as a copy of another, as a peer or slave, and removes both
   * together.
   */
  private static boolean isCopy(Mount mount, Set<String> groups) {
    return Stream.of("shared:", "master:", "propagate_from:")
        .flatMap(tag -> numbers(mount, tag))
        .anyMatch(groups::contains);
  }

  private static Stream<String> numbers(Mount mount, String tag) {
    return mount.peers().stream()
        .filter(peer -> peer.startsWith(tag))
        .map(peer -> peer.substring(tag.length()));
  }

  /** The file or directory that the mount shows or stores its data in. */
  private Optional<Path> of(Mount mount) {
    try {
      if (mount.root().endsWith(DELETED)) {
        return Optional.empty();
      }
      if (mount.device().equals(device)) {
        return mount.root().startsWith(root.endsWith("/") ? root : root + "/")
            ? Optional.of(directory.resolve(Path.of(root).relativize(Path.of(mount.root()))))
            : Optional.empty();
      }
      return Optional.ofNullable(memory.get(mount.device()))
          .or(() -> layer(mount).filter(this::isInside))
          .or(() -> devices.fileBelow(directory, mount));
    } catch (InvalidPathException _) {
      return Optional.empty(); // no path of Keg's has such a name
    }
  }

  /** The directory that stores an overlay's data: the upper layer, or else the first lower one. */
  private static Optional<Path> layer(Mount mount) {
    return mount
        .superOption("upperdir")
        .or(() -> mount.superOption("lowerdir").map(OutsideMounts::first))
        .map(Path::of);
  }

  /** The first directory; colons separate directories unless escaped with a backslash. */
  private static String first(String directories) {
    return directories.split("(?<!\\\\):", 2)[0].replaceAll("\\\\(.)", "$1");
  }

  private boolean isInside(Path path) {
    return path.startsWith(directory) && !path.equals(directory);
  }
}
