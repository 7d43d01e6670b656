package dev.keg.linux.program;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An external program that is missing, failed or took too long. Drivers translate it. */
public final class ToolException extends Exception {
  // The exit status of timeout(1).
  private static final int TIMED_OUT = 124;

  // Exit statuses of a shell: from this one on, the program was not started or was killed.
  private static final int CANNOT_START = 126;

  /** Programs of e2fsprogs always begin with this line: {@code resize2fs 1.47.0 (5-Feb-2023)}. */
  private static final Pattern BANNER = Pattern.compile("\\S+ [\\d.]+\\S* \\(\\d+-\\w+-\\d+\\)");

  private final int exit;
  private final @Nullable String hint;
  private final String output;

  private ToolException(String message, int exit, @Nullable String hint, String output) {
    super(message);
    this.exit = exit;
    this.hint = hint;
    this.output = output;
  }

  public static ToolException missing(Tool tool) {
    return new ToolException(
        tool.program() + " is not installed",
        127,
        "install its package, on Debian: apt-get install " + tool.debianPackage(),
        "");
  }

  public static ToolException failed(Tool tool, int exit, String output) {
    String said =
        output
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !BANNER.matcher(line).matches())
            .reduce((_, last) -> last)
            .orElse("");
    return new ToolException(
        said.isEmpty() ? "%s failed (exit %d)".formatted(tool.program(), exit) : said,
        exit,
        null,
        output);
  }

  public static ToolException tooSlow(Tool tool, Duration limit) {
    return new ToolException(
        "%s did not end within %d seconds".formatted(tool.program(), limit.toSeconds()),
        TIMED_OUT,
        null,
        "");
  }

  /** The same with a hint. */
  public ToolException withHint(String whatToDo) {
    return new ToolException(String.valueOf(getMessage()), exit, whatToDo, output);
  }

  public int exit() {
    return exit;
  }

  /** Whether it exceeded its time limit. */
  public boolean timedOut() {
    return exit == TIMED_OUT;
  }

  /**
   * Whether the program is missing, could not be started or was interrupted; then it has no result.
   */
  public boolean didNotRun() {
    return exit >= CANNOT_START;
  }

  /** All of its error output; the exception's message is the last line. */
  public String output() {
    return output;
  }

  public Optional<String> hint() {
    return Optional.ofNullable(hint);
  }
}
