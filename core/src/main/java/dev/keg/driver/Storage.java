package dev.keg.driver;

import dev.keg.volume.Options;
import dev.keg.volume.Size;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a volume lies on, as lists show it.
 *
 * @param type the file system; {@code directory} for one of the host's; empty if it is not known
 * @param format of the file that holds it, such as {@code raw} or {@code qcow2}; else empty
 * @param capacity how much it holds at most; empty without a limit, or if the host has to ask
 * @param path of the file or directory
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

  /** With the limit that the option {@code size} sets, if it is one in bytes. */
  public Storage limitedBy(Options options) {
    return withCapacity(
        options.text("size").filter(text -> !text.endsWith("%")).map(Size::parseBinary));
  }

  /** The same, which may be gone. */
  public Storage missing(boolean gone) {
    return new Storage(type, format, capacity, path, gone);
  }
}
