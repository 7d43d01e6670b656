package dev.keg.disk;

import java.nio.file.FileSystem;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A disk's record of its parent.
 *
 * @param format of the parent, if the child records it; a raw parent can imitate another format
 * @param linkage the linkage that the parent must have, if the format has one
 * @param relative the path from the child's directory; {@code \} and {@code /} are separators
 * @param absolute the path on the machine that created the child
 */
public record ParentLink(
    Optional<DiskFormat> format,
    Optional<UUID> linkage,
    Optional<String> relative,
    Optional<String> absolute) {
  private static final String WIN32_VERBATIM = "\\\\?\\";

  /** The paths to try, in the order of MS-VHDX 2.6.2.6.3: the relative one first. */
  public List<Path> candidates(Path child) {
    FileSystem files = child.getFileSystem();
    List<Path> result = new ArrayList<>();
    relative.ifPresent(
        text -> result.add(resolve(child.toAbsolutePath().resolveSibling(""), text)));
    absolute.flatMap(text -> absolute(files, text)).ifPresent(result::add);
    return result;
  }

  private static Path resolve(Path directory, String relative) {
    Path result = directory;
    for (String step : relative.split("[\\\\/]", -1)) {
      result = step.isEmpty() || step.equals(".") ? result : result.resolve(step);
    }
    return result.normalize();
  }

  private static Optional<Path> absolute(FileSystem files, String text) {
    String plain = text.startsWith(WIN32_VERBATIM) ? text.substring(4) : text;
    try {
      return Optional.of(files.getPath(plain)).filter(Path::isAbsolute);
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }

  /** The record of a parent in a new child. */
  static ParentLink to(Path parent, DiskFormat format, UUID linkage, Path child) {
    Path target = parent.toAbsolutePath().normalize();
    Path directory = child.toAbsolutePath().normalize().getParent();
    boolean windows = child.getFileSystem().getSeparator().equals("\\");
    return new ParentLink(
        Optional.of(format),
        Optional.of(linkage),
        directory == null ? Optional.empty() : relative(directory, target),
        windows ? Optional.of(target.toString()) : Optional.empty());
  }

  private static Optional<String> relative(Path directory, Path target) {
    if (!Objects.equals(directory.getRoot(), target.getRoot())) {
      return Optional.empty();
    }
    List<String> steps = new ArrayList<>();
    directory.relativize(target).forEach(step -> steps.add(step.toString()));
    return Optional.of(String.join("\\", steps));
  }
}
