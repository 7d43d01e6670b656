package dev.keg.windows.win32.file;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import dev.keg.windows.win32.Dlls;
import dev.keg.windows.win32.Handle;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.dll.Kernel32;
import dev.keg.windows.win32.dll.Kernel32.OVERLAPPED;
import java.nio.ByteBuffer;

/** An open alternate data stream. Several threads may read or write parts of it. */
public final class OpenStream implements AutoCloseable {
  private final Dlls dlls;
  private final String name;
  private final Handle handle;

  OpenStream(Dlls dlls, String name, Handle handle) {
    this.dlls = dlls;
    this.name = name;
    this.handle = handle;
  }

  /** Reads into a direct buffer from that position; -1 at the end of the stream. */
  public int read(ByteBuffer into, long position) throws Win32Exception {
    var read = new IntByReference();
    int done =
        dlls.kernel32().ReadFile(handle.value(), rest(into), into.remaining(), read, at(position));
    if (done == 0 && dlls.lastError() == Win32Error.HANDLE_EOF) {
      return -1;
    }
    check("read", done);
    into.position(into.position() + read.getValue());
    return read.getValue() == 0 ? -1 : read.getValue();
  }

  /** Writes all of a direct buffer at that position. */
  public void write(ByteBuffer from, long position) throws Win32Exception {
    long next = position;
    var written = new IntByReference();
    while (from.hasRemaining()) {
      check(
          "write",
          dlls.kernel32()
              .WriteFile(handle.value(), rest(from), from.remaining(), written, at(next)));
      from.position(from.position() + written.getValue());
      next += written.getValue();
    }
  }

  private static Pointer rest(ByteBuffer buffer) {
    return Native.getDirectBufferPointer(buffer).share(buffer.position());
  }

  private static Pointer at(long position) {
    var place = new OVERLAPPED();
    place.Offset = (int) position;
    place.OffsetHigh = (int) (position >>> 32);
    place.write();
    return place.getPointer();
  }

  /** Truncates the stream, or extends it with zeros. */
  public void size(long size) throws Win32Exception {
    Memory end = new Memory(Long.BYTES);
    end.setLong(0, size);
    check(
        "cut",
        dlls.kernel32()
            .SetFileInformationByHandle(
                handle.value(), Kernel32.FileEndOfFileInfo, end, (int) end.size()));
  }

  /** Returns when everything written is on disk. */
  public void flush() throws Win32Exception {
    handle.flush();
  }

  private void check(String call, int done) throws Win32Exception {
    if (done == 0) {
      throw new Win32Exception(call, name, dlls.lastError());
    }
  }

  @Override
  public void close() {
    handle.close();
  }
}
