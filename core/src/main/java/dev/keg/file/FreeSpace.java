package dev.keg.file;

import dev.keg.volume.Size;
import java.nio.file.Files;
import java.nio.file.Path;

/** The space that this user may still write to a file system. */
public final class FreeSpace {
  private FreeSpace() {}

  /** On the file system of this path. */
  public static Size at(Path path) {
    return FileFailures.translate(
        "measure", path, () -> new Size(Files.getFileStore(path).getUsableSpace()));
  }
}
