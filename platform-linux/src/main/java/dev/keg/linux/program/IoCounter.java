package dev.keg.linux.program;

import dev.keg.file.WorkListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts the bytes that a running program reads or writes. The kernel shows them in {@code
 * /proc/PID/io}, if it is built to; see proc_pid_io(5):
 *
 * <pre>
 * rchar: 10668
 * wchar: 0
 * syscr: 16
 * syscw: 0
 * read_bytes: 0
 * write_bytes: 268324864
 * cancelled_write_bytes: 0
 * </pre>
 *
 * Only {@code write_bytes} grows during one long copy_file_range(2), and it stays zero on tmpfs.
 */
final class IoCounter {
  private static final Pattern COUNTED =
      Pattern.compile("^(?:rchar|wchar|write_bytes): (\\d{1,18})$", Pattern.MULTILINE);

  private final Path counters;
  private final WorkListener listener;
  private long reported;

  IoCounter(Path counters, WorkListener listener) {
    this.counters = counters;
    this.listener = listener;
  }

  static IoCounter of(Process process, WorkListener listener) {
    return new IoCounter(Path.of("/proc", Long.toString(process.pid()), "io"), listener);
  }

  /** Reports the bytes since the last call. */
  void tell() {
    long now = count();
    if (now > reported) {
      listener.advanced(0, now - reported);
      reported = now;
    }
  }

  // A program that copies reads as much as it writes.
  private long count() {
    try {
      Matcher matcher = COUNTED.matcher(Files.readString(counters));
      List<String> counts = matcher.results().map(result -> result.group(1)).toList();
      return counts.stream().mapToLong(Long::parseLong).max().orElse(0);
    } catch (IOException _) {
      return 0; // it has ended, or the kernel does not count
    }
  }
}
