package dev.keg.windows.win32.file;

import com.sun.jna.Memory;
import dev.keg.windows.win32.Wide;
import java.nio.file.Path;

/**
 * A file or directory of a tree.
 *
 * @param followed whether to follow a mount; otherwise the file itself, even if it is a link
 */
public record FilePlace(Path path, boolean followed) {
  /** The name for Windows, of any length. */
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
