package dev.keg.windows.win32.file;

import com.sun.jna.Memory;
import dev.keg.windows.win32.Wide;
import java.nio.file.Path;

/**
 * A file or directory of a tree.
 *
 * @param followed whether what is mounted there is meant; else the file itself, even if it is a
 *     link
 */
public record FilePlace(Path path, boolean followed) {
  /** As Windows takes it, however long it is. */
  Memory name() {
    return Wide.of(text());
  }

  Memory name(String stream) {
    return Wide.of(text() + ":" + stream);
  }

  private String text() {
    return Wide.extended(path.toAbsolutePath().toString());
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
