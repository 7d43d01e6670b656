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
 * What a disk records about its parent.
 *
 * @param format of the parent, where the child says it; a raw parent could pretend to be another
 * @param linkage what the parent must show to be the one, where the format has such a thing
 * @param relative where it is as seen from the child's directory; {@code \} and {@code /} divide
 * @param absolute where it was on the machine that made the child
 */
public record ParentLink(
    Optional<DiskFormat> format,
    Optional<UUID> linkage,
    Optional<String> relative,
    Optional<String> absolute) {
  private static final String WIN32_VERBATIM = "\\\\?\\";

  /** The places to look at, in the order of MS-VHDX 2.6.2.6.3: the relative one first. */
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

  /** A parent as a new child records it. */
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
