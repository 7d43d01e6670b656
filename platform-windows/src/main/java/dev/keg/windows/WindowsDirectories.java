package dev.keg.windows;

import dev.keg.file.DirectorySync;
import dev.keg.volume.WindowsNames;
import dev.keg.windows.win32.Dlls;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Windows;
import dev.keg.windows.win32.system.SystemDlls;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Directories on Windows. NTFS journals names itself, and an access control list protects a
 * directory.
 */
public final class WindowsDirectories implements DirectorySync {
  private final Supplier<Dlls> dlls;

  public WindowsDirectories() {
    this(SystemDlls::new);
  }

  WindowsDirectories(Supplier<Dlls> dlls) {
    this.dlls = dlls;
  }

  @Override
  public void sync(Path directory) {}

  @Override
  public Optional<String> whyUnusable(String name) {
    return WindowsNames.whyUnusable(name);
  }

  @Override
  public String spelling(Path file) throws IOException {
    return String.valueOf(file.toRealPath(LinkOption.NOFOLLOW_LINKS).getFileName());
  }

  @Override
  public void protect(Path root) throws IOException {
    try {
      new Windows(dlls.get()).security().restrict(root);
    } catch (Win32Exception e) {
      throw new FileSystemException(root.toString(), null, e.what());
    }
  }
}
