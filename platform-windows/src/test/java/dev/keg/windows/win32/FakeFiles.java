package dev.keg.windows.win32;

import com.sun.jna.Pointer;
import dev.keg.windows.win32.dll.Kernel32;
import dev.keg.windows.win32.dll.Kernel32.WIN32_FIND_STREAM_DATA;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What files have beside their content; see {@link FakeWindows}. The files themselves are real. */
public final class FakeFiles {
  /** What a new file gets from the directory that it is made in. */
  public static final String INHERITED = "O:BAG:SYD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)";

  /** From 1601 to 1970, in units of 100 ns. */
  private static final long EPOCH = 116_444_736_000_000_000L;

  private final FakeWindows windows;
  private final Map<Path, SortedMap<String, byte[]>> streams = new HashMap<>();
  private final Map<Path, String> descriptors = new HashMap<>();
  private final Map<Path, Long> changes = new HashMap<>();

  /** Whether the file system has access control lists. */
  public boolean listsKept = true;

  /** How large streams are said to be; if zero, as large as they are. */
  public long streamSize;

  FakeFiles(FakeWindows windows) {
    this.windows = windows;
  }

  private record Search(Deque<Map.Entry<String, Long>> streams) {}

  /** A stream that is open, and what was read or written so far. */
  static final class OpenStream {
    private final Path file;
    private final String name;
    private final byte[] content;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private int at;

    OpenStream(Path file, String name, byte[] content) {
      this.file = file;
      this.name = name;
      this.content = content;
    }

    /** At most a byte less than there is room for, as a call may give less than is wanted. */
    int read(Pointer buffer, int length) {
      int given = Math.min(Math.max(1, length - 1), content.length - at);
      buffer.write(0, content, at, given);
      at += given;
      return given;
    }
  }

  static boolean isStream(String name) {
    return name.startsWith("/") && name.lastIndexOf(':') > name.lastIndexOf('/');
  }

  Optional<Object> open(String name, int disposition) {
    Path file = Path.of(name.substring(0, name.lastIndexOf(':')));
    String stream = name.substring(name.lastIndexOf(':') + 1);
    if (disposition == Kernel32.CREATE_ALWAYS) {
      put(file, stream, new byte[0]);
    }
    return Optional.ofNullable(streams(file).get(stream))
        .map(content -> new OpenStream(file, stream, content));
  }

  int write(OpenStream stream, Pointer buffer, int length) {
    stream.written.writeBytes(buffer.getByteArray(0, length));
    put(stream.file, stream.name, stream.written.toByteArray());
    return length;
  }

  /** The streams of a file beside its content. */
  public SortedMap<String, byte[]> streams(Path file) {
    return streams.computeIfAbsent(file, _ -> new TreeMap<>());
  }

  /** Gives a file a stream, which changes the file. */
  public void put(Path file, String stream, byte[] content) {
    streams(file).put(stream, content);
    change(file);
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-11-29T12:00:00Z")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives a file an owner, a group and a list, which leaves its time of modification. */
  public void describe(Path file, String descriptor) {
    descriptors.put(file, descriptor);
    change(file);
  }

  /** The owner, group and list of a file. */
  public String descriptor(Path file) {
    return descriptors.getOrDefault(file, INHERITED);
  }

  private void change(Path file) {
    changes.merge(file, 10L, Long::sum);
  }

  long changed(Path file) {
    return EPOCH + changes.getOrDefault(file, 0L);
  }

  Pointer firstStream(Path file, WIN32_FIND_STREAM_DATA data) {
    if (!Files.exists(file)) {
      int _ = windows.failed(Win32Error.FILE_NOT_FOUND);
      return new Pointer(Kernel32.INVALID_HANDLE_VALUE);
    }
    Deque<Map.Entry<String, Long>> found = new ArrayDeque<>();
    if (Files.isRegularFile(file)) {
      found.add(Map.entry("::$DATA", 0L));
    }
    streams(file)
        .forEach(
            (name, content) ->
                found.add(
                    Map.entry(
                        ":" + name + ":$DATA", streamSize == 0 ? content.length : streamSize)));
    Pointer search = windows.open(new Search(found));
    if (nextStream(search, data) == 0) {
      windows.close(Pointer.nativeValue(search));
      return new Pointer(Kernel32.INVALID_HANDLE_VALUE);
    }
    return search;
  }

  int nextStream(Pointer search, WIN32_FIND_STREAM_DATA data) {
    Deque<Map.Entry<String, Long>> left =
        windows.handle(search, Search.class).orElseThrow().streams();
    if (left.isEmpty()) {
      return windows.failed(Win32Error.HANDLE_EOF);
    }
    Map.Entry<String, Long> next = left.removeFirst();
    data.StreamSize = next.getValue();
    data.cStreamName = new short[data.cStreamName.length];
    for (int i = 0; i < next.getKey().length(); i++) {
      data.cStreamName[i] = (short) next.getKey().charAt(i);
    }
    return 1;
  }
}
