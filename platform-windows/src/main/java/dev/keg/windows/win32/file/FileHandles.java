package dev.keg.windows.win32.file;

import dev.keg.windows.win32.Dlls;
import dev.keg.windows.win32.Handle;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.dll.Kernel32;

/** Opens files and directories of a tree with the rights of backup operators. */
final class FileHandles {
  private static final int SHARED = Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE;

  private static final int SHARED_WITH_DELETION = SHARED | Kernel32.FILE_SHARE_DELETE;

  private FileHandles() {}

  static Handle open(Dlls dlls, FilePlace place, int access) throws Win32Exception {
    return Handle.open(
        dlls,
        place.toString(),
        place.name(),
        access,
        SHARED_WITH_DELETION,
        Kernel32.OPEN_EXISTING,
        flags(place));
  }

  private static int flags(FilePlace place) {
    return Kernel32.FILE_FLAG_BACKUP_SEMANTICS
        | (place.followed() ? 0 : Kernel32.FILE_FLAG_OPEN_REPARSE_POINT);
  }

  /** Opens an alternate data stream of a file. */
  static Handle openStream(Dlls dlls, FilePlace place, String stream, int access, int disposition)
      throws Win32Exception {
    return Handle.open(
        dlls,
        place + ":" + stream,
        place.name(stream),
        access,
        SHARED_WITH_DELETION,
        disposition,
        flags(place));
  }

  /** Creates a file that nobody else can delete, and that disappears when this is closed. */
  static Handle createPin(Dlls dlls, FilePlace file) throws Win32Exception {
    return Handle.open(
        dlls,
        file.toString(),
        file.name(),
        Kernel32.DELETE,
        SHARED,
        Kernel32.CREATE_NEW,
        Kernel32.FILE_ATTRIBUTE_HIDDEN | Kernel32.FILE_FLAG_DELETE_ON_CLOSE);
  }
}
