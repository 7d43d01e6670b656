package dev.keg.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A disk and its chain of parents, the disk itself first. All exist and match their children. */
public record DiskChain(List<Link> links) {
  /** One of the files. */
  public record Link(Path file, Disk disk) {}

  public DiskChain {
    links = List.copyOf(links);
  }

  public Disk top() {
    return links.getFirst().disk();
  }

  /** The parents, the nearest first. */
  public List<Link> parents() {
    return links.subList(1, links.size());
  }

  /**
   * Follows the chain to its end.
   *
   * @throws DiskException naming the file at which the chain is broken
   */
  public static DiskChain of(Path file) throws IOException {
    return follow(new Link(file, Disk.of(file)));
  }

  /** As {@link #of(Path)}, for a file whose format is known. */
  public static DiskChain of(Path file, DiskFormat format) throws IOException {
    return follow(new Link(file, Disk.of(file, format)));
  }

  /** Whether the disk needs the file, under any of its names, as far as can be determined. */
  public static boolean needs(Path top, DiskFormat format, Path file) {
    try {
      for (Link parent : of(top, format).parents()) {
        if (Files.isSameFile(parent.file(), file)) {
          return true;
        }
      }
      return false;
    } catch (IOException _) {
      return false; // the chain is already broken, so the disk loses nothing
    }
  }

  private static DiskChain follow(Link top) throws IOException {
    List<Link> links = new ArrayList<>(List.of(top));
    Set<Object> seen = new HashSet<>(Set.of(identity(top.file())));
    for (Optional<Link> next = parent(top); next.isPresent(); next = parent(next.get())) {
      if (!seen.add(identity(next.get().file()))) {
        throw new DiskException(
            top.file(), "its chain of parents comes back to " + next.get().file());
      }
      links.add(next.get());
    }
    return new DiskChain(links);
  }

  /** The file's identity rather than one of its names: links may form a cycle. */
  private static Object identity(Path file) throws IOException {
    return file.toRealPath();
  }

  private static Optional<Link> parent(Link child) throws IOException {
    Optional<ParentLink> link = child.disk().parent();
    if (link.isEmpty()) {
      return Optional.empty();
    }
    List<Path> candidates = link.get().candidates(child.file());
    Path file =
        candidates.stream()
            .filter(Files::isRegularFile)
            .findFirst()
            .orElseThrow(() -> missing(child.file(), link.get()));
    Optional<DiskFormat> format = link.get().format();
    Disk disk = format.isPresent() ? Disk.of(file, format.get()) : Disk.of(file);
    if (link.get().linkage().isPresent() && !link.get().linkage().equals(disk.linkage())) {
      throw new DiskException(
          child.file(), "its parent %s was replaced or written".formatted(file));
    }
    return Optional.of(new Link(file, disk));
  }

  private static DiskException missing(Path child, ParentLink link) {
    String name = link.relative().or(link::absolute).orElse("without a name");
    return new DiskException(child, "its parent is missing: " + name);
  }
}
