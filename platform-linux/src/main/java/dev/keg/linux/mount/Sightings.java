package dev.keg.linux.mount;

import dev.keg.attachment.MountTable.Sighting;
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
 * Finds the mounts that show what is in a directory, in any mount namespace and at any place: those
 * of its file system and of a root below it, and those of file systems that keep their data in it.
 */
final class Sightings {
  private static final String DELETED = "//deleted";

  private final Path directory;
  private final ProcMounts own;
  private final BlockDevices devices;
  private final String device;
  private final String root;

  /** A tmpfs has no data in the directory, but belongs to it where it is mounted as a volume. */
  private final Map<String, Path> memory = new HashMap<>();

  Sightings(Path directory, ProcMounts own, BlockDevices devices) {
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

  /** Those that are not below the directory themselves, in this namespace and the others. */
  List<Sighting> find(Map<Long, ProcMounts> others) {
    List<Sighting> found = new ArrayList<>();
    Set<String> groups = new HashSet<>();
    for (Mount mount : own.mounts()) {
      Optional<Path> of = of(mount);
      if (of.isPresent()) {
        groups.addAll(numbers(mount, "shared:").toList());
        if (!Path.of(mount.target()).startsWith(directory)) {
          found.add(new Sighting(of.get(), mount.target(), Optional.empty()));
        }
      }
    }
    others.forEach((process, table) -> find(process, table, groups, found));
    return found;
  }

  private void find(Long process, ProcMounts table, Set<String> groups, List<Sighting> found) {
    List<Mount> mounts = table.mounts().stream().filter(mount -> of(mount).isPresent()).toList();
    // A copy is made of the nearest namespace first, and copies of copies may be listed before.
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
            .ifPresent(of -> found.add(new Sighting(of, mount.target(), Optional.of(process))));
      }
    }
  }

  /** Whether the kernel made it of another one and takes it away with that: a peer or a slave. */
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

  /** The file or directory that the mount shows, or that has its data. */
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
      return Optional.empty(); // no path of ours is written so
    }
  }

  /** Where an overlay has its data: the upper layer, and the first one if there is no upper one. */
  private static Optional<Path> layer(Mount mount) {
    return mount
        .superOption("upperdir")
        .or(() -> mount.superOption("lowerdir").map(Sightings::first))
        .map(Path::of);
  }

  /** Colons separate directories, unless a backslash is before them. */
  private static String first(String directories) {
    return directories.split("(?<!\\\\):", 2)[0].replaceAll("\\\\(.)", "$1");
  }

  private boolean isInside(Path path) {
    return path.startsWith(directory) && !path.equals(directory);
  }
}
