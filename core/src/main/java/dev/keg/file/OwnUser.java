package dev.keg.file;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The id of the user who runs this process. */
public final class OwnUser {
  private OwnUser() {}

  /** Empty without {@code /proc}. */
  public static Optional<Integer> id(FileSystem files) throws IOException {
    Path self = files.getPath("/proc/self");
    try {
      return Optional.of((Integer) Files.getAttribute(self, "unix:uid"));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }
}
