package dev.keg.cli.session;

import dev.keg.cli.program.LocalTools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether standard streams are terminals, and their width; Java has no call for this. */
public final class Terminal {
  private static final int USUAL = 80;
  private static final int NARROWEST = 40;

  /** The output of {@code stty size}: lines and columns. */
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

  // Java only reports a console if both standard input and output are terminals.
  private boolean is(int descriptor) {
    if (environment.isWindows()) {
      return false; // only a native call could tell
    }
    try {
      return Files.readSymbolicLink(environment.files().getPath("/proc/self/fd/" + descriptor))
          .toString()
          .matches("/dev/(pts/|tty).*");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** The width of standard output, if it is a terminal; 80 if unknown. */
  int columns() {
    return isOutput() ? width() : USUAL;
  }

  /** The width of any of the streams that is a terminal; 80 if unknown. */
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
