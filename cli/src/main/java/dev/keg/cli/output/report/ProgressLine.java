package dev.keg.cli.output.report;

import dev.keg.volume.Size;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.IntSupplier;

/** A line on a terminal with the amount, the rate, and the time left, which is redrawn in place. */
public final class ProgressLine implements Progress.View {
  private static final String ERASE = "\r\033[K";

  private final PrintStream terminal;
  private final IntSupplier columns;
  private int width;

  /**
   * @param columns the width of the terminal, called once and only if something is shown
   */
  public ProgressLine(PrintStream terminal, IntSupplier columns) {
    this.terminal = terminal;
    this.columns = columns;
  }

  @Override
  public Duration pause() {
    return Duration.ofMillis(200);
  }

  @Override
  public void show(Progress.State state) {
    if (width == 0) {
      width = columns.getAsInt() - 1;
    }
    terminal.print(ERASE + text(state, width));
    terminal.flush();
  }

  @Override
  public void end(Progress.State state, boolean shown) {
    if (shown) {
      terminal.print(ERASE);
      terminal.flush();
    }
  }

  /**
   * Text such as {@code db 45% 512MB of 1.1GB 12 files 230MB/s 0:03 left}. A line longer than the
   * terminal would wrap and could not be erased.
   */
  static String text(Progress.State state, int longest) {
    long bytes = state.bytes();
    long expected = state.expected();
    double rate = bytes / Math.max(0.001, state.passed().toMillis() / 1000.0);
    StringBuilder line = new StringBuilder("  ");
    if (expected > 0) {
      line.append(Math.min(99, bytes * 100 / expected)).append("%  ");
    }
    line.append(new Size(bytes).human());
    if (expected > 0) {
      line.append(" of ").append(new Size(Math.max(expected, bytes)).human());
    }
    if (state.files() > 0) {
      line.append("  ").append(Counted.of(state.files(), "file"));
    }
    line.append("  ").append(new Size((long) rate).human()).append("/s");
    if (expected > bytes && rate > 0) {
      line.append("  ").append(clock((long) Math.ceil((expected - bytes) / rate))).append(" left");
    }
    String text = shortened(state.task(), longest - line.length()) + line;
    return text.length() <= longest ? text : text.substring(0, longest);
  }

  // The figures matter more than the end of a long name.
  private static String shortened(String task, int room) {
    return task.length() <= room ? task : task.substring(0, Math.max(0, room - 1)) + "…";
  }

  private static String clock(long seconds) {
    return seconds >= 3600
        ? "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60)
        : "%d:%02d".formatted(seconds / 60, seconds % 60);
  }
}
