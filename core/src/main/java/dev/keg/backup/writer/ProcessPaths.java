package dev.keg.backup.writer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Determines whether files of processes are in certain directories. A process in a container has
 * other mounts and paths; {@code /proc/PID/mountinfo} shows where they lead, see
 * proc_pid_mountinfo(5):
 *
 * <pre>652 641 8:1 /keg/volumes/db/_data /var/lib/postgresql rw,relatime - ext4 /dev/sda1 rw</pre>
 */
final class ProcessPaths {
  private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");

  private final Set<Path> places;
  private final Optional<Path> own;
  private final List<Spot> spots = new ArrayList<>();
  private final Map<Path, List<Mount>> mounts = new HashMap<>();

  /** A file of a file system, by its device and its path there. */
  private record Spot(String device, Path path) {}

  private record Mount(Spot root, Path target) {}

  /**
   * @param places real paths
   */
  ProcessPaths(Path proc, Set<Path> places) {
    this.places = places;
    Path self = proc.resolve("self");
    own = namespace(self);
    List<Mount> seen = own.isPresent() ? read(self) : List.of();
    places.forEach(place -> spot(seen, place).ifPresent(spots::add));
  }

  /** Whether the process's path leads to one of the places. */
  boolean has(Path process, Path file) {
    Optional<Path> namespace = namespace(process);
    if (own.isEmpty() || namespace.isEmpty() || namespace.equals(own)) {
      return places.stream().anyMatch(file::startsWith);
    }
    List<Mount> seen = mounts.computeIfAbsent(namespace.get(), _ -> read(process));
    return spot(seen, file).stream()
        .anyMatch(
            at ->
                spots.stream()
                    .anyMatch(
                        spot ->
                            at.device().equals(spot.device())
                                && at.path().startsWith(spot.path())));
  }

  private static Optional<Path> namespace(Path process) {
    try {
      return Optional.of(Files.readSymbolicLink(process.resolve("ns/mnt")));
    } catch (IOException _) {
      return Optional.empty(); // it has ended
    }
  }

  /** The location of the path, by the nearest mount at or above it; of several, the last one. */
  private static Optional<Spot> spot(List<Mount> mounts, Path file) {
    return mounts.stream()
        .filter(mount -> file.startsWith(mount.target()))
        .reduce((a, b) -> b.target().getNameCount() < a.target().getNameCount() ? a : b)
        .map(
            mount ->
                new Spot(
                    mount.root().device(),
                    mount.root().path().resolve(mount.target().relativize(file)).normalize()));
  }

  private static List<Mount> read(Path process) {
    List<Mount> mounts = new ArrayList<>();
    try {
      byte[] table = Files.readAllBytes(process.resolve("mountinfo"));
      for (String line : new String(table, StandardCharsets.UTF_8).lines().toList()) {
        String[] words = line.split(" ", 6);
        if (words.length == 6) {
          Spot root = new Spot(words[2], path(process, words[3]));
          mounts.add(new Mount(root, path(process, words[4])));
        }
      }
    } catch (IOException _) {
      return List.of(); // likewise
    }
    return mounts;
  }

  private static Path path(Path process, String text) {
    String name =
        ESCAPE
            .matcher(text)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        Character.toString(Integer.parseInt(found.group(1), 8))));
    return process.getFileSystem().getPath(name);
  }
}
