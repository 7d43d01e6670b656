package dev.keg.windows.win32;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import dev.keg.windows.win32.dll.Kernel32;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Queries about open files and their streams; see {@link FakeWindows}. */
abstract class FakeFileCalls implements Kernel32 {
  final FakeWindows windows;

  FakeFileCalls(FakeWindows windows) {
    this.windows = windows;
  }

  static void put(String text, Pointer buffer) {
    Memory wide = WideString.of(text);
    buffer.write(0, wide.getByteArray(0, (int) wide.size()), 0, (int) wide.size());
  }

  @Override
  public int CreateDirectoryW(Pointer pathName, SECURITY_ATTRIBUTES securityAttributes) {
    Path path = Path.of(WideString.read(pathName));
    if (windows.fails("CreateDirectory " + path)) {
      return 0;
    }
    Pointer descriptor = Objects.requireNonNull(securityAttributes.lpSecurityDescriptor);
    String text = windows.handle(descriptor, String.class).orElseThrow();
    boolean sized = securityAttributes.nLength == securityAttributes.size();
    if (!sized || (text.startsWith("O:BA") && !windows.elevated)) {
      return windows.failed(sized ? Win32Error.INVALID_OWNER : Win32Error.INVALID_PARAMETER);
    }
    try {
      windows.files.describe(Files.createDirectory(path), text);
      return 1;
    } catch (FileAlreadyExistsException _) {
      return windows.failed(Win32Error.ALREADY_EXISTS);
    } catch (IOException _) {
      return windows.failed(Win32Error.PATH_NOT_FOUND);
    }
  }

  @Override
  public int GetFileInformationByHandle(Pointer file, BY_HANDLE_FILE_INFORMATION information) {
    if (windows.fails("GetFileInformationByHandle")) {
      return 0;
    }
    try {
      Path path = windows.handle(file, Path.class).orElseThrow();
      information.nNumberOfLinks = (int) Files.getAttribute(path, "unix:nlink");
      return 1;
    } catch (IOException _) {
      return windows.failed(FakeWindows.IO_DEVICE);
    }
  }

  @Override
  public int GetFileInformationByHandleEx(
      Pointer file, int informationClass, FILE_BASIC_INFO information, int size) {
    if (windows.fails("GetFileInformationByHandleEx") || informationClass != FileBasicInfo) {
      return 0;
    }
    information.ChangeTime = windows.files.changed(windows.handle(file, Path.class).orElseThrow());
    return 1;
  }

  @Override
  public int ReadFile(
      Pointer file,
      Pointer buffer,
      int bytesToRead,
      IntByReference bytesRead,
      @Nullable Pointer overlapped) {
    if (windows.fails("ReadFile")) {
      return 0;
    }
    var stream = windows.handle(file, FakeFiles.OpenStream.class).orElseThrow();
    int read = windows.files.read(stream, buffer, bytesToRead, place(overlapped));
    bytesRead.setValue(Math.max(0, read));
    return read < 0 ? windows.failed(Win32Error.HANDLE_EOF) : 1;
  }

  @Override
  public int WriteFile(
      Pointer file,
      Pointer buffer,
      int bytesToWrite,
      IntByReference bytesWritten,
      @Nullable Pointer overlapped) {
    if (windows.fails("WriteFile")) {
      return 0;
    }
    var stream = windows.handle(file, FakeFiles.OpenStream.class).orElseThrow();
    bytesWritten.setValue(windows.files.write(stream, buffer, bytesToWrite, place(overlapped)));
    return 1;
  }

  private static Optional<Long> place(@Nullable Pointer overlapped) {
    return Optional.ofNullable(overlapped).map(offset -> offset.getLong(16));
  }

  @Override
  public int SetFileInformationByHandle(
      Pointer file, int informationClass, Pointer information, int size) {
    if (windows.fails("SetFileInformationByHandle") || informationClass != FileEndOfFileInfo) {
      return 0;
    }
    var stream = windows.handle(file, FakeFiles.OpenStream.class).orElseThrow();
    windows.files.cut(stream, (int) information.getLong(0));
    return 1;
  }

  @Override
  public int DeleteFileW(Pointer fileName) {
    String name = WideString.read(fileName);
    if (windows.fails("DeleteFile " + name)) {
      return 0;
    }
    return windows.files.delete(name) ? 1 : windows.failed(Win32Error.FILE_NOT_FOUND);
  }

  @Override
  public int GetFinalPathNameByHandleW(Pointer file, Pointer path, int pathLength, int flags) {
    if (windows.fails("GetFinalPathNameByHandle") || flags != 0) {
      return 0;
    }
    try {
      Optional<Path> pinned = windows.handle(file, FakeFiles.Pin.class).map(FakeFiles.Pin::file);
      Path real =
          pinned.isPresent()
              ? pinned.get()
              : windows.handle(file, Path.class).orElseThrow().toRealPath();
      put("\\\\?\\" + real, path);
      return real.toString().length() + 4;
    } catch (IOException _) {
      return windows.failed(FakeWindows.IO_DEVICE);
    }
  }

  @Override
  public Pointer FindFirstStreamW(
      Pointer fileName, int informationLevel, WIN32_FIND_STREAM_DATA data, int flags) {
    return windows.fails("FindFirstStream")
        ? new Pointer(INVALID_HANDLE_VALUE)
        : windows.files.firstStream(Path.of(WideString.read(fileName)), data);
  }

  @Override
  public int FindNextStreamW(Pointer findStream, WIN32_FIND_STREAM_DATA data) {
    return windows.fails("FindNextStream") ? 0 : windows.files.nextStream(findStream, data);
  }

  @Override
  public int FindClose(Pointer findFile) {
    return windows.close(Pointer.nativeValue(findFile)) ? 1 : 0;
  }
}
