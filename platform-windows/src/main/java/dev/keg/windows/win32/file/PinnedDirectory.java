package dev.keg.windows.win32.file;

import com.sun.jna.Memory;
import dev.keg.windows.win32.Dlls;
import dev.keg.windows.win32.Handle;
import dev.keg.windows.win32.WideString;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.dll.Kernel32;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A directory that cannot be moved or replaced while this is open. Windows does not rename a
 * directory with an open file below it, nor turn a non-empty one into a link; so a hidden file in
 * it, which nobody else can delete, holds it and all directories above it.
 */
public final class PinnedDirectory implements AutoCloseable {
  private static final int PATH_LENGTH = 32_768;

  private static final String NAME = ".keg-pin-";

  /** The prefix of the path of a local file, and that of a file on a server. */
  private static final String PREFIX = "\\\\?\\";

  private static final String SERVER = PREFIX + "UNC\\";

  private final Dlls dlls;
  private final Handle pin;
  private final Path path;

  private PinnedDirectory(Dlls dlls, Handle pin, Path path) {
    this.dlls = dlls;
    this.pin = pin;
    this.path = path;
  }

  /** Holds the directory until this is closed. */
  public static PinnedDirectory of(Dlls dlls, Path directory) throws Win32Exception {
    Handle pin = open(dlls, directory);
    try {
      Path real = real(dlls, pin, directory);
      return new PinnedDirectory(dlls, pin, isFile(real) ? real.resolveSibling("") : real);
    } catch (Win32Exception e) {
      pin.close();
      throw e;
    }
  }

  private static Handle open(Dlls dlls, Path directory) throws Win32Exception {
    try {
      return FileHandles.createPin(
          dlls, new FilePlace(directory.resolve(NAME + UUID.randomUUID()), false));
    } catch (Win32Exception e) {
      if (e.code() != Win32Error.WRITE_PROTECT) {
        throw e;
      }
      // Nobody can rename anything on read-only storage, either.
      return FileHandles.open(dlls, new FilePlace(directory, true), Kernel32.GENERIC_READ);
    }
  }

  private static boolean isFile(Path pinned) {
    return String.valueOf(pinned.getFileName()).startsWith(NAME);
  }

  private static Path real(Dlls dlls, Handle handle, Path of) throws Win32Exception {
    Memory path = WideString.allocate(PATH_LENGTH);
    int length = dlls.kernel32().GetFinalPathNameByHandleW(handle.value(), path, PATH_LENGTH, 0);
    if (length == 0 || length >= PATH_LENGTH) {
      throw new Win32Exception("GetFinalPathNameByHandle", of.toString(), dlls.lastError());
    }
    return Path.of(plain(WideString.read(path)));
  }

  static String plain(String path) {
    return path.startsWith(SERVER)
        ? "\\\\" + path.substring(SERVER.length())
        : path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : path;
  }

  /** Its real path. */
  public Path path() {
    return path;
  }

  /** Whether it is below a directory, which nobody can rename meanwhile. */
  public boolean isWithin(Path directory) throws Win32Exception {
    try (Handle handle = FileHandles.open(dlls, new FilePlace(directory, true), 0)) {
      return path.startsWith(real(dlls, handle, directory));
    }
  }

  @Override
  public void close() {
    pin.close();
  }
}
