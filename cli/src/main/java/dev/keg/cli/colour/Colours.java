package dev.keg.cli.colour;

import dev.keg.config.ColourUse;
import dev.keg.config.Config;
import java.io.PrintStream;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Decides when to use colours: as configured; by default, only on a terminal that supports them and
 * whose user did not turn them off (no-color.org). Nothing is looked up before there is something
 * to colour.
 */
public final class Colours {
  private final Map<String, String> variables;
  private final Supplier<Config> config;

  public Colours(Map<String, String> variables, Supplier<Config> config) {
    this.variables = variables;
    this.config = config;
  }

  /** Standard error with coloured message prefixes. */
  public PrintStream over(PrintStream errors, BooleanSupplier isTerminal) {
    return ColouredLines.over(errors, () -> reach(isTerminal));
  }

  /** Whether to use colours on a stream that may be a terminal. */
  public boolean reach(BooleanSupplier isTerminal) {
    return switch (use()) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO ->
          variables.getOrDefault("NO_COLOR", "").isEmpty()
              && !variables.getOrDefault("TERM", "dumb").equals("dumb")
              && isTerminal.getAsBoolean();
    };
  }

  // A mistake in the configuration or on the command line is reported elsewhere; here it would hide
  // a message.
  private ColourUse use() {
    try {
      return config.get().colour();
    } catch (RuntimeException _) {
      return ColourUse.AUTO;
    }
  }
}
