package dev.keg.cli.session;

import dev.keg.cli.program.LocalTools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is a terminal of the standard streams, and how wide it is; Java has no call that tells. */
public final class Terminal {
  private static final int USUAL = 80;
  private static final int NARROWEST = 40;

  /** Of {@code stty size}: lines and columns. */
  private static final Pattern SIZE = Pattern.compile("\\d+ (\\d{1,4})\\s*");

  private final Environment environment;

  Terminal(Environment environment) {
    this.environment = environment;
  }

  /** Whether somebody may type at standard input. */
  public boolean isInput() {
    return is(0);
  }

  /** Whether results go to a terminal. */
  public boolean isOutput() {
    return is(1);
  }

  /** Whether somebody watches standard error. */
  public boolean isWatched() {
    return is(2);
  }

  // Java knows a console only where both standard input and output are one.
  private boolean is(int descriptor) {
    if (environment.isWindows()) {
      return false; // Nothing but a native call would tell.
    }
    try {
      return Files.readSymbolicLink(environment.files().getPath("/proc/self/fd/" + descriptor))
          .toString()
          .matches("/dev/(pts/|tty).*");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Its width, if results go to it; 80 where it is unknown. */
  int columns() {
    return isOutput() ? width() : USUAL;
  }

  /** The width of the terminal that one of them is; 80 where it is unknown. */
  public int width() {
    return Optional.ofNullable(environment.variables().get("COLUMNS"))
        .filter(text -> text.matches("\\d{1,4}"))
        .or(this::ask)
        .map(Integer::parseInt)
        .filter(columns -> columns > 0)
        .map(columns -> Math.max(NARROWEST, columns))
        .orElse(USUAL);
  }

  private Optional<String> ask() {
    try (var stty =
        new LocalTools(environment.variables(), _ -> {})
            .start(List.of("stty", "-F", "/dev/tty", "size"))) {
      Matcher size = SIZE.matcher(new String(stty.output().readAllBytes(), StandardCharsets.UTF_8));
      return size.matches() ? Optional.of(size.group(1)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
