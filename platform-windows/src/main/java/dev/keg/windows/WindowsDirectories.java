package dev.keg.windows;

import dev.keg.file.DirectorySync;
import dev.keg.volume.WindowsNames;
import dev.keg.windows.win32.Dlls;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Windows;
import dev.keg.windows.win32.file.FileDescriptors;
import dev.keg.windows.win32.file.FileDescriptors.Parts;
import dev.keg.windows.win32.file.FilePlace;
import dev.keg.windows.win32.system.SystemDlls;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Directories on Windows. NTFS journals names itself, and an access control list protects a
 * directory.
 */
public final class WindowsDirectories implements DirectorySync {
  private static final String PROBE = ".keg-owner";

  /** Administrators and the system, in the language of descriptors. */
  private static final Set<String> TRUSTED = Set.of("BA", "SY");

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
      requireOwn(root, new FileDescriptors(dlls.get()));
      new Windows(dlls.get()).security().restrict(root);
    } catch (Win32Exception e) {
      throw new FileSystemException(root.toString(), null, e.what());
    }
  }

  /** Who made the directory beforehand could open it to others again. */
  private static void requireOwn(Path root, FileDescriptors descriptors)
      throws Win32Exception, IOException {
    String owner = owner(descriptors, root);
    if (TRUSTED.contains(owner)) {
      return;
    }
    Path probe = Files.createDirectory(root.resolve(PROBE));
    try {
      if (!owner.equals(owner(descriptors, probe))) {
        throw new FileSystemException(
            root.toString(),
            null,
            "it belongs to %s; remove it, or let `icacls` give it to who runs keg"
                .formatted(Files.getOwner(root).getName()));
      }
    } finally {
      Files.delete(probe);
    }
  }

  private static String owner(FileDescriptors descriptors, Path directory) throws Win32Exception {
    String text = descriptors.read(new FilePlace(directory, true), Parts.ALL_BUT_AUDITS);
    return text.replaceFirst("^O:(.*?)(?:[GDS]:.*)?$", "$1");
  }
}
