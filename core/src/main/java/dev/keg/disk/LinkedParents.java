package dev.keg.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The parents of a disk as further names (hard links) beside it. So a child's directory holds all
 * that the child needs: it can be moved, and its parent's directory renamed or removed. A disk with
 * more than one name has children and must not be written to.
 */
public final class LinkedParents {
  private LinkedParents() {}

  /**
   * Links a disk, and those of its own parents that are linked beside it, into the directory of a
   * child to be; they are named {@code base-0} and so on from the bottom, and so keep the names by
   * which they know each other.
   *
   * @param format of the parent; it is not guessed, since a raw disk could pretend to be another
   * @return what the child has to take for its parent
   */
  public static Path into(Path directory, Path parent, DiskFormat format) throws IOException {
    List<Path> beside =
        DiskChain.of(parent, format).parents().stream()
            .map(DiskChain.Link::file)
            .filter(
                file ->
                    Objects.equals(
                        file.getParent(), parent.toAbsolutePath().normalize().getParent()))
            .toList();
    for (Path file : beside) {
      Files.createLink(directory.resolve(name(file)), file);
    }
    String extension = name(parent).replaceFirst("^[^.]*", "");
    return Files.createLink(directory.resolve("base-" + beside.size() + extension), parent);
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
