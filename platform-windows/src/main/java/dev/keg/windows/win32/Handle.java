package dev.keg.windows.win32;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.IntByReference;
import dev.keg.windows.win32.dll.Kernel32;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An open file, device, volume or virtual disk. */
public final class Handle implements AutoCloseable {
  private static final int SHARED = Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE;

  private final Dlls dlls;
  private final Kernel32 kernel32;
  private final String target;
  private final Pointer value;

  Handle(Dlls dlls, String target, Pointer value) throws Win32Exception {
    this.dlls = dlls;
    this.kernel32 = dlls.kernel32();
    this.target = target;
    this.value = value;
  }

  /** Opens an existing file or device, and shares it with everybody. */
  static Handle open(Dlls dlls, String target, int access) throws Win32Exception {
    return open(dlls, target, access, 0);
  }

  private static Handle open(Dlls dlls, String target, int access, int flags)
      throws Win32Exception {
    return open(dlls, target, WideString.of(target), access, SHARED, Kernel32.OPEN_EXISTING, flags);
  }

  /** Opens like CreateFile; errors name the target. */
  public static Handle open(
      Dlls dlls, String target, Pointer name, int access, int shared, int disposition, int flags)
      throws Win32Exception {
    Pointer value =
        dlls.kernel32().CreateFileW(name, access, shared, null, disposition, flags, null);
    if (Pointer.nativeValue(value) == Kernel32.INVALID_HANDLE_VALUE) {
      throw new Win32Exception("open", target, dlls.lastError());
    }
    return new Handle(dlls, target, value);
  }

  /** Opens a directory to change the attributes of its files. */
  static Handle openDirectory(Dlls dlls, String directory) throws Win32Exception {
    return open(
        dlls,
        directory,
        Kernel32.GENERIC_READ | Kernel32.GENERIC_WRITE,
        Kernel32.FILE_FLAG_BACKUP_SEMANTICS);
  }

  /** Opens a directory itself, without following it. */
  static Handle openLink(Dlls dlls, Path directory, int access) throws Win32Exception {
    return open(
        dlls,
        directory.toString(),
        WideString.of(directory),
        access,
        SHARED,
        Kernel32.OPEN_EXISTING,
        Kernel32.FILE_FLAG_BACKUP_SEMANTICS | Kernel32.FILE_FLAG_OPEN_REPARSE_POINT);
  }

  public Pointer value() {
    return value;
  }

  public void flush() throws Win32Exception {
    check("flush", kernel32.FlushFileBuffers(value));
  }

  void control(String what, int code) throws Win32Exception {
    control(what, code, null, 0, null);
  }

  /** Sends a structure. */
  void control(String what, int code, Structure in) throws Win32Exception {
    in.write();
    control(what, code, in.getPointer(), in.size(), null);
  }

  /** Sends raw bytes, if any, and reads a structure, if any. */
  void control(String what, int code, @Nullable Pointer in, int length, @Nullable Structure out)
      throws Win32Exception {
    int done =
        kernel32.DeviceIoControl(
            value,
            code,
            in,
            length,
            out == null ? null : out.getPointer(),
            out == null ? 0 : out.size(),
            new IntByReference(),
            null);
    check(what, done);
    if (out != null) {
      out.read();
    }
  }

  /** Reads at most {@code size} bytes. */
  Memory read(String what, int code, int size) throws Win32Exception {
    Memory out = new Memory(size);
    out.clear();
    check(
        what,
        kernel32.DeviceIoControl(value, code, null, 0, out, size, new IntByReference(), null));
    return out;
  }

  private void check(String what, int done) throws Win32Exception {
    if (done == 0) {
      throw new Win32Exception(what, target, dlls.lastError());
    }
  }

  /** The result is ignored: closing fails only for an invalid handle, which would be a bug. */
  @Override
  public void close() {
    kernel32.CloseHandle(value);
  }
}
