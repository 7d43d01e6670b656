package dev.keg.windows.win32;

import com.sun.jna.Pointer;
import dev.keg.windows.win32.dll.BindLink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Directories that are also visible elsewhere; here by symbolic links. See {@link FakeWindows}. */
final class FakeBindLinks implements BindLink {
  private final FakeWindows windows;
  private final SortedMap<Path, Path> links = new TreeMap<>();

  FakeBindLinks(FakeWindows windows) {
    this.windows = windows;
  }

  SortedMap<Path, Path> links() {
    return links;
  }

  @Override
  public int CreateBindLink(
      Pointer virtualPath,
      Pointer backingPath,
      int createBindLinkFlags,
      int exceptionCount,
      @Nullable Pointer exceptionPaths) {
    Path link = Path.of(WideString.read(virtualPath));
    Path directory = Path.of(WideString.read(backingPath));
    if (windows.fails("CreateBindLink " + directory) || exceptionCount != 0) {
      return 0x80070000 | FakeWindows.IO_DEVICE;
    }
    if (createBindLinkFlags != CREATE_BIND_LINK_FLAG_READ_ONLY
        || Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
      return 0x80070000 | Win32Error.INVALID_PARAMETER;
    }
    try {
      Files.createSymbolicLink(link, directory);
      links.put(link, directory);
      return 0;
    } catch (IOException _) {
      return 0x80070000 | Win32Error.PATH_NOT_FOUND;
    }
  }

  @Override
  public int RemoveBindLink(Pointer virtualPath) {
    Path link = Path.of(WideString.read(virtualPath));
    if (windows.fails("RemoveBindLink")) {
      return 0x80070000 | FakeWindows.IO_DEVICE;
    }
    if (links.remove(link) == null) {
      return 0x80070000 | Win32Error.NOT_FOUND;
    }
    delete(link);
    return 0;
  }

  void shutDown() {
    links.keySet().forEach(FakeBindLinks::delete);
    links.clear();
  }

  private static void delete(Path link) {
    try {
      Files.delete(link);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
