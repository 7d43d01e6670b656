package dev.keg.disk;

import java.io.IOException;
import java.nio.file.Path;

/** An unusable image. Drivers translate it into an error about a volume. */
public final class DiskException extends IOException {
  private final String why;

  public DiskException(Path file, String why) {
    super(file + ": " + why);
    this.why = why;
  }

  /** The reason without the file's name. */
  public String why() {
    return why;
  }
}
