package dev.keg.windows.win32.file;

import com.sun.jna.Memory;
import dev.keg.windows.win32.WideString;
import java.nio.file.Path;

/**
 * A file or directory of a tree.
 *
 * @param followed whether to follow a mount; otherwise the file itself, even if it is a link
 */
public record FilePlace(Path path, boolean followed) {
  /** The name for Windows, of any length. */
  Memory name() {
    return WideString.of(text());
  }

  Memory name(String stream) {
    return WideString.of(text() + ":" + stream);
  }

  private String text() {
    return WideString.extended(path.toAbsolutePath().toString());
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
