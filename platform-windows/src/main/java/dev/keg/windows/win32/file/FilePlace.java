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
  /** MAX_PATH, less what CreateDirectory keeps for a short name. */
  private static final int LONGEST = 247;

  /** As Windows takes it, however long it is. */
  Memory name() {
    return Wide.of(text());
  }

  Memory name(String stream) {
    return Wide.of(text() + ":" + stream);
  }

  private String text() {
    return extended(path.toAbsolutePath().toString());
  }

  /** A prefix lifts the limit of a path's length; it is followed by a drive or a server. */
  static String extended(String text) {
    if (text.length() <= LONGEST || text.startsWith("/") || text.startsWith("\\\\?\\")) {
      return text;
    }
    return text.startsWith("\\\\") ? "\\\\?\\UNC\\" + text.substring(2) : "\\\\?\\" + text;
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
