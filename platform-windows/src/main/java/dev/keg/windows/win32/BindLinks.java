package dev.keg.windows.win32;

import com.sun.jna.Pointer;
import dev.keg.windows.win32.dll.BindLink;
import java.nio.file.Path;

/**
 * Shows directories read-only at another path, in all sessions, until that is undone or Windows
 * shuts down. Creates no file. Not available in older versions of Windows.
 */
public final class BindLinks {
  private final Dlls dlls;

  public BindLinks(Dlls dlls) {
    this.dlls = dlls;
  }

  /** The path must not exist, and its parent must. */
  public void create(Path directory, Path path) throws Win32Exception {
    int code =
        dlls.bindLink()
            .CreateBindLink(
                wide(path), wide(directory), BindLink.CREATE_BIND_LINK_FLAG_READ_ONLY, 0, null);
    if (code < 0) {
      throw new Win32Exception("CreateBindLink", directory.toString(), code);
    }
  }

  /** Does nothing if there is none. */
  public void remove(Path path) throws Win32Exception {
    int code = dlls.bindLink().RemoveBindLink(wide(path));
    if (code >= 0) {
      return;
    }
    switch (Win32Error.plain(code)) {
      case Win32Error.NOT_FOUND, Win32Error.FILE_NOT_FOUND, Win32Error.PATH_NOT_FOUND -> {}
      default -> throw new Win32Exception("RemoveBindLink", path.toString(), code);
    }
  }

  private static Pointer wide(Path path) {
    return WideString.of(path.toString());
  }
}
