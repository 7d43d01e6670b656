package dev.keg.cli.output;

import dev.keg.volume.Size;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * A line on a terminal that shows how far work has come, its rate, and the time left. Any thread
 * may report an advance.
 */
public final class Progress {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final String ERASE = "\r\033[K";

  /** A longer line would wrap on a usual terminal, and could not be erased. */
  private static final int LONGEST = 79;

  private final PrintStream terminal;
  private final InstantSource clock;
  private final String what;
  private final long expected;
  private final Instant start;
  private @Nullable Instant shown;
  private long files;
  private long bytes;

  /**
   * @param expected how many bytes there are in all; zero where nobody knows
   */
  public Progress(PrintStream terminal, InstantSource clock, String what, Size expected) {
    this.terminal = terminal;
    this.clock = clock;
    this.what = what;
    this.expected = expected.bytes();
    this.start = clock.instant();
  }

  public synchronized void advanced(long more) {
    files++;
    bytes += more;
    Instant now = clock.instant();
    if (shown == null ? now.isAfter(start.plus(PAUSE)) : now.isAfter(shown.plus(PAUSE))) {
      shown = now;
      terminal.print(ERASE + line(Duration.between(start, now)));
      terminal.flush();
    }
  }

  /** Text such as {@code db 45% 512MB of 1.1GB 230MB/s 0:03 left}. */
  String line(Duration passed) {
    double seconds = Math.max(0.001, passed.toMillis() / 1000.0);
    double rate = bytes / seconds;
    StringBuilder line = new StringBuilder("  ");
    if (expected > 0) {
      line.append(Math.min(99, bytes * 100 / expected)).append("%  ");
    }
    line.append(new Size(bytes).human());
    if (expected > 0) {
      line.append(" of ").append(new Size(Math.max(expected, bytes)).human());
    }
    line.append("  ").append(files).append(files == 1 ? " file  " : " files  ");
    line.append(new Size((long) rate).human()).append("/s");
    if (expected > bytes && rate > 0) {
      line.append("  ").append(clock((long) Math.ceil((expected - bytes) / rate))).append(" left");
    }
    return shortened(LONGEST - line.length()) + line;
  }

  // The figures matter more than the end of a long name.
  private String shortened(int room) {
    return what.length() <= room ? what : what.substring(0, Math.max(0, room - 1)) + "…";
  }

  private static String clock(long seconds) {
    return seconds >= 3600
        ? "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60)
        : "%d:%02d".formatted(seconds / 60, seconds % 60);
  }

  /** Takes the line away. */
  public synchronized void end() {
    if (shown != null) {
      terminal.print(ERASE);
      terminal.flush();
    }
  }
}
