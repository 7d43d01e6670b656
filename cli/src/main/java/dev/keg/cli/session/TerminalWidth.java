package dev.keg.cli.session;

import dev.keg.cli.program.LocalTools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many columns the terminal has; Java has no call that tells. */
final class TerminalWidth {
  private static final int USUAL = 80;
  private static final int NARROWEST = 40;

  /** Of {@code stty size}: lines and columns. */
  private static final Pattern SIZE = Pattern.compile("\\d+ (\\d{1,4})\\s*");

  private TerminalWidth() {}

  /** The width of the terminal behind a descriptor; 80 where there is none or it is unknown. */
  static int of(Environment environment, int descriptor) {
    if (!environment.isTerminal(descriptor)) {
      return USUAL;
    }
    return Optional.ofNullable(environment.variables().get("COLUMNS"))
        .filter(text -> text.matches("\\d{1,4}"))
        .or(() -> ask(environment))
        .map(Integer::parseInt)
        .filter(columns -> columns > 0)
        .map(columns -> Math.max(NARROWEST, columns))
        .orElse(USUAL);
  }

  private static Optional<String> ask(Environment environment) {
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
