package dev.keg.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The parents of a disk as hard links beside it. So a child's directory contains everything that
 * the child needs: it can be moved, and the parent's directory can be renamed or removed. A disk
 * with more than one link has children and must not be written.
 */
public final class LinkedParents {
  private LinkedParents() {}

  /**
   * Links a disk and the parents linked beside it into the directory of a future child. They are
   * named {@code base-0} and so on from the bottom, so they keep the names by which they refer to
   * each other.
   *
   * @param format of the parent; not detected, since a raw disk can imitate another format
   * @return the link that becomes the child's parent
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
