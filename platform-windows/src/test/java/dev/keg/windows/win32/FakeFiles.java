package dev.keg.windows.win32;

import com.sun.jna.Pointer;
import dev.keg.windows.win32.dll.Kernel32;
import dev.keg.windows.win32.dll.Kernel32.WIN32_FIND_STREAM_DATA;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The properties of files besides their content; see {@link FakeWindows}. The files themselves are
 * real.
 */
public final class FakeFiles {
  /** The descriptor that a new file inherits from its directory. */
  public static final String INHERITED = "O:BAG:SYD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)";

  /** The descriptor of each file that has no other. */
  public String ofNew = INHERITED;

  /** From 1601 to 1970, in units of 100 ns. */
  private static final long EPOCH = 116_444_736_000_000_000L;

  private final FakeWindows windows;
  private final Map<Path, SortedMap<String, byte[]>> streams = new HashMap<>();
  private final Map<Path, String> descriptors = new HashMap<>();
  private final Map<Path, Long> changes = new HashMap<>();

  /** Whether the file system supports access control lists. */
  public boolean listsKept = true;

  FakeFiles(FakeWindows windows) {
    this.windows = windows;
  }

  private record Search(Deque<Map.Entry<String, Long>> streams) {}

  /** An open stream, with its position. */
  static final class OpenStream {
    private final Path file;
    private final String name;
    private int at;

    OpenStream(Path file, String name) {
      this.file = file;
      this.name = name;
    }
  }

  /** A file that pins its directory, by its real path. */
  record Pin(Path file) {
    boolean isIn(Path directory) {
      return directory.equals(file.getParent());
    }

    void delete() {
      try {
        Files.delete(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Creates the file; empty if it exists, or if its directory does not. */
  Optional<Object> pin(Path file) {
    windows.beforePinning.run();
    try {
      return Optional.of(new Pin(Files.createFile(file).toRealPath()));
    } catch (IOException _) {
      int _ = windows.failed(Win32Error.PATH_NOT_FOUND);
      return Optional.empty();
    }
  }

  static boolean isStream(String name) {
    return name.startsWith("/") && name.lastIndexOf(':') > name.lastIndexOf('/');
  }

  private static Path file(String name) {
    return Path.of(name.substring(0, name.lastIndexOf(':')));
  }

  private static String stream(String name) {
    return name.substring(name.lastIndexOf(':') + 1);
  }

  /** Empty, with an error, if it cannot be opened. */
  Optional<Object> open(String name, int disposition) {
    Path file = file(name);
    boolean there = streams(file).containsKey(stream(name));
    if (there ? disposition == Kernel32.CREATE_NEW : disposition == Kernel32.OPEN_EXISTING) {
      int _ = windows.failed(there ? Win32Error.FILE_EXISTS : Win32Error.FILE_NOT_FOUND);
      return Optional.empty();
    }
    if (disposition != Kernel32.OPEN_EXISTING) {
      make(file);
      put(file, stream(name), new byte[0]);
    }
    return Optional.of(new OpenStream(file, stream(name)));
  }

  /** Creating a stream also creates its file. */
  private static void make(Path file) {
    try {
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean delete(String name) {
    return streams(file(name)).remove(stream(name)) != null;
  }

  private byte[] content(OpenStream stream) {
    return Objects.requireNonNull(streams(stream.file).get(stream.name));
  }

  /**
   * Reads at most a byte less than there is room for, as a call may return less than requested; -1
   * at the end, if a position was given.
   */
  int read(OpenStream stream, Pointer buffer, int length, Optional<Long> place) {
    byte[] content = content(stream);
    int from = place.map(Long::intValue).orElse(stream.at);
    int given = Math.min(Math.max(1, length - 1), Math.max(0, content.length - from));
    if (given == 0) {
      return place.isPresent() ? -1 : 0;
    }
    buffer.write(0, content, from, given);
    stream.at = from + given;
    return given;
  }

  int write(OpenStream stream, Pointer buffer, int length, Optional<Long> place) {
    byte[] before = content(stream);
    int to = place.map(Long::intValue).orElse(stream.at);
    byte[] content = Arrays.copyOf(before, Math.max(before.length, to + length));
    buffer.read(0, content, to, length);
    put(stream.file, stream.name, content);
    stream.at = to + length;
    return length;
  }

  void cut(OpenStream stream, int size) {
    put(stream.file, stream.name, Arrays.copyOf(content(stream), size));
  }

  /** The streams of a file besides its content. */
  public SortedMap<String, byte[]> streams(Path file) {
    return streams.computeIfAbsent(file, _ -> new TreeMap<>());
  }

  /** Adds a stream to a file, which changes the file. */
  public void put(Path file, String stream, byte[] content) {
    streams(file).put(stream, content);
    change(file);
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-11-29T12:00:00Z")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets the owner, group and list of a file, which does not change its modification time. */
  public void describe(Path file, String descriptor) {
    descriptors.put(file, descriptor);
    change(file);
  }

  /** The owner, group and list of a file. */
  public String descriptor(Path file) {
    return descriptors.getOrDefault(file, ofNew);
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
            (name, content) -> found.add(Map.entry(":" + name + ":$DATA", (long) content.length)));
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
