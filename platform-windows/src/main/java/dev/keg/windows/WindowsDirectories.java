package dev.keg.windows;

import dev.keg.file.DirectorySync;
import dev.keg.volume.WindowsNames;
import dev.keg.windows.win32.Dlls;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Windows;
import dev.keg.windows.win32.file.FileDescriptors;
import dev.keg.windows.win32.file.FilePlace;
import dev.keg.windows.win32.system.SystemDlls;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Directories on Windows. NTFS itself journals names, and an access control list protects a
 * directory.
 */
public final class WindowsDirectories implements DirectorySync {
  /** Administrators and the system, in the security descriptor definition language. */
  private static final Set<String> TRUSTED = Set.of("BA", "SY");

  private final Supplier<Dlls> dlls;

  /**
   * The directory where everybody may create directories, and which contains the administrators'
   * root.
   */
  private final Path openToAll;

  public WindowsDirectories() {
    this(SystemDlls::new, Path.of(System.getenv().getOrDefault("ProgramData", "C:\\ProgramData")));
  }

  WindowsDirectories(Supplier<Dlls> dlls, Path openToAll) {
    this.dlls = dlls;
    this.openToAll = openToAll;
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

  /** Refuses a root that somebody else created beforehand, possibly with a whole registry in it. */
  @Override
  public void requireOwn(Path root) throws IOException {
    if (!root.toAbsolutePath().startsWith(openToAll)) {
      return;
    }
    try {
      requireOwn(root, new FileDescriptors(dlls.get()));
    } catch (Win32Exception e) {
      throw new FileSystemException(root.toString(), null, e.what());
    }
  }

  /**
   * Refuses another owner, who created the directory or a link in its place and could open it to
   * others again.
   */
  private static void requireOwn(Path root, FileDescriptors descriptors)
      throws Win32Exception, IOException {
    Set<String> owners = new HashSet<>();
    owners.add(descriptors.owner(new FilePlace(root, false)));
    owners.add(descriptors.owner(new FilePlace(root, true)));
    owners.removeAll(TRUSTED);
    if (!owners.isEmpty() && !Set.of(descriptors.ownerOfNew(root)).containsAll(owners)) {
      throw new FileSystemException(
          root.toString(),
          null,
          "it belongs to %s; remove it, or let `icacls` give it to the user who runs keg"
              .formatted(Files.getOwner(root, LinkOption.NOFOLLOW_LINKS).getName()));
    }
  }
}
