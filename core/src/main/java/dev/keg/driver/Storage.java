package dev.keg.driver;

import dev.keg.volume.Options;
import dev.keg.volume.Size;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a volume is stored, for lists.
 *
 * @param type the file system; {@code directory} for a directory of the host; empty if unknown
 * @param format the format of the file that contains it, such as {@code raw} or {@code qcow2};
 *     otherwise empty
 * @param capacity its maximum size; empty without a limit, or if the host would have to ask a
 *     server
 * @param path the file or directory
 * @param missing whether that is gone
 */
public record Storage(
    String type, String format, Optional<Size> capacity, Path path, boolean missing) {
  private static final String DIRECTORY = "directory";

  /** A directory of the host. */
  public static Storage directory(Path path) {
    return fileSystem(DIRECTORY, path);
  }

  /** A file system that is mounted at the directory. */
  public static Storage fileSystem(String type, Path path) {
    return new Storage(type, "", Optional.empty(), path, false);
  }

  public Storage withCapacity(Optional<Size> limit) {
    return new Storage(type, format, limit, path, missing);
  }

  /** With the limit of the option {@code size}, if that is in bytes. */
  public Storage limitedBy(Options options) {
    return withCapacity(
        options.text("size").filter(text -> !text.endsWith("%")).map(Size::parseBinary));
  }

  /** The same, possibly missing. */
  public Storage missing(boolean gone) {
    return new Storage(type, format, capacity, path, gone);
  }
}
