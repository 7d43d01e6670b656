package dev.keg.windows.win32.file;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import dev.keg.windows.win32.Dlls;
import dev.keg.windows.win32.Handle;
import dev.keg.windows.win32.WideString;
import dev.keg.windows.win32.Win32Error;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.dll.Kernel32;
import dev.keg.windows.win32.dll.Kernel32.WIN32_FIND_STREAM_DATA;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The alternate data streams of files and directories, and when any part of a file last changed.
 */
public final class FileStreams {
  /** The suffix of the name of a data stream; the content of a file has only that as its name. */
  private static final String TYPE = ":$DATA";

  /** From 1601, Windows' epoch, to 1970. */
  private static final long EPOCH_SECONDS = 11_644_473_600L;

  private static final int UNITS = 10_000_000;
  private static final int NANOS = 100;

  private final Dlls dlls;

  public FileStreams(Dlls dlls) {
    this.dlls = dlls;
  }

  /** A stream in addition to the content of a file. */
  public record Stream(String name, long size) {}

  /** Also changes with the access control list and the streams. */
  public Instant changed(FilePlace place) throws Win32Exception {
    try (Handle handle = FileHandles.open(dlls, place, Kernel32.FILE_READ_ATTRIBUTES)) {
      var information = new Kernel32.FILE_BASIC_INFO();
      int done =
          dlls.kernel32()
              .GetFileInformationByHandleEx(
                  handle.value(), Kernel32.FileBasicInfo, information, information.size());
      check("GetFileInformationByHandleEx", place.toString(), done);
      long units = information.ChangeTime;
      return Instant.ofEpochSecond(
          Math.floorDiv(units, UNITS) - EPOCH_SECONDS, Math.floorMod(units, UNITS) * (long) NANOS);
    }
  }

  /** Empty on a file system without streams. */
  public List<Stream> of(FilePlace place) throws Win32Exception {
    List<Stream> streams = new ArrayList<>();
    var data = new WIN32_FIND_STREAM_DATA();
    Pointer search =
        dlls.kernel32().FindFirstStreamW(place.name(), Kernel32.FindStreamInfoStandard, data, 0);
    if (Pointer.nativeValue(search) == Kernel32.INVALID_HANDLE_VALUE) {
      int code = dlls.lastError();
      return switch (code) {
        // File systems without streams, and servers of shares, report this in several ways.
        case Win32Error.HANDLE_EOF,
            Win32Error.INVALID_PARAMETER,
            Win32Error.INVALID_FUNCTION,
            Win32Error.NOT_SUPPORTED ->
            streams;
        default -> throw new Win32Exception("FindFirstStream", place.toString(), code);
      };
    }
    try {
      do {
        add(streams, data);
      } while (dlls.kernel32().FindNextStreamW(search, data) != 0);
      int end = dlls.lastError();
      if (end != Win32Error.HANDLE_EOF) {
        throw new Win32Exception("FindNextStream", place.toString(), end);
      }
      return streams;
    } finally {
      dlls.kernel32().FindClose(search);
    }
  }

  private static void add(List<Stream> streams, WIN32_FIND_STREAM_DATA data) {
    String full = WideString.read(data.cStreamName);
    int length = full.length() - 1 - TYPE.length();
    if (length > 0 && full.endsWith(TYPE)) {
      streams.add(new Stream(full.substring(1, 1 + length), data.StreamSize));
    }
  }

  public byte[] read(FilePlace place, Stream stream) throws Win32Exception {
    try (Handle handle =
        FileHandles.openStream(
            dlls, place, stream.name(), Kernel32.GENERIC_READ, Kernel32.OPEN_EXISTING)) {
      Memory buffer = new Memory(Math.max(1, stream.size()));
      int length = 0;
      var read = new IntByReference();
      do {
        int done =
            dlls.kernel32()
                .ReadFile(
                    handle.value(), buffer.share(length), (int) stream.size() - length, read, null);
        check("read", place + ":" + stream.name(), done);
        length += read.getValue();
      } while (read.getValue() > 0 && length < stream.size());
      return buffer.getByteArray(0, length);
    }
  }

  /** Replaces the stream, and returns when it is on disk. */
  public void write(FilePlace place, String stream, byte[] content) throws Win32Exception {
    try (Handle handle =
        FileHandles.openStream(
            dlls, place, stream, Kernel32.GENERIC_WRITE, Kernel32.CREATE_ALWAYS)) {
      Memory buffer = new Memory(Math.max(1, content.length));
      buffer.write(0, content, 0, content.length);
      int length = 0;
      var written = new IntByReference();
      while (length < content.length) {
        int done =
            dlls.kernel32()
                .WriteFile(
                    handle.value(), buffer.share(length), content.length - length, written, null);
        check("write", place + ":" + stream, done);
        length += written.getValue();
      }
      handle.flush();
    }
  }

  /** Opens a stream for reading parts of it. */
  public OpenStream open(FilePlace place, String stream) throws Win32Exception {
    return open(place, stream, Kernel32.GENERIC_READ, Kernel32.OPEN_EXISTING);
  }

  /** Creates a stream, and its file if necessary, for writing parts of it; fails if it exists. */
  public OpenStream create(FilePlace place, String stream) throws Win32Exception {
    return open(place, stream, Kernel32.GENERIC_WRITE, Kernel32.CREATE_NEW);
  }

  /** Opens a stream for writing parts of it. */
  public OpenStream change(FilePlace place, String stream) throws Win32Exception {
    return open(place, stream, Kernel32.GENERIC_WRITE, Kernel32.OPEN_EXISTING);
  }

  private OpenStream open(FilePlace place, String stream, int access, int disposition)
      throws Win32Exception {
    return new OpenStream(
        dlls,
        place + ":" + stream,
        FileHandles.openStream(dlls, place, stream, access, disposition));
  }

  /** Deletes a stream of a file. */
  public void remove(FilePlace place, String stream) throws Win32Exception {
    check("delete", place + ":" + stream, dlls.kernel32().DeleteFileW(place.name(stream)));
  }

  private void check(String call, String target, int done) throws Win32Exception {
    if (done == 0) {
      throw new Win32Exception(call, target, dlls.lastError());
    }
  }
}
