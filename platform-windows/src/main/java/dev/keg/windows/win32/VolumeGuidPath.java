package dev.keg.windows.win32;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.keg.windows.win32.dll.Kernel32;
import java.util.ArrayList;
import java.util.List;

/**
 * The name of a volume, {@code \\?\Volume{…}\}, which stays the same wherever the volume is
 * mounted.
 */
public record VolumeGuidPath(String path) {
  /** The maximum number of characters of such a name, with its terminator. */
  static final int LENGTH = 64;

  /** The name of the device. With a backslash at the end, it would be the root directory. */
  String device() {
    return path.substring(0, path.length() - 1);
  }

  /** All volumes of this machine. */
  static List<VolumeGuidPath> all(Dlls dlls) throws Win32Exception {
    Kernel32 kernel32 = dlls.kernel32();
    Memory name = WideString.allocate(LENGTH);
    Pointer search = kernel32.FindFirstVolumeW(name, LENGTH);
    if (Pointer.nativeValue(search) == Kernel32.INVALID_HANDLE_VALUE) {
      throw new Win32Exception("FindFirstVolume", "volumes", dlls.lastError());
    }
    try {
      List<VolumeGuidPath> volumes = new ArrayList<>();
      do {
        volumes.add(new VolumeGuidPath(WideString.read(name)));
      } while (kernel32.FindNextVolumeW(search, name, LENGTH) != 0);
      int end = dlls.lastError();
      if (end != Win32Error.NO_MORE_FILES) {
        throw new Win32Exception("FindNextVolume", "volumes", end);
      }
      return volumes;
    } finally {
      kernel32.FindVolumeClose(search);
    }
  }
}
