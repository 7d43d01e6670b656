package dev.keg.cli.option;

import dev.keg.cli.output.table.Format;
import java.util.List;
import picocli.CommandLine.Option;

/** How a list is shown. */
public final class RowOptions {
  /** The options of this mixin. */
  public static final List<String> NAMES = List.of("--format", "--quiet");

  @Option(
      names = "--format",
      paramLabel = "string",
      defaultValue = "",
      description = "Format output: 'table', 'table TEMPLATE', 'json', 'raw' or a Go template")
  private String format;

  @Option(
      names = {"-q", "--quiet"},
      description = "Only display names or IDs")
  private boolean quiet;

  public boolean given() {
    return quiet || !format.isEmpty();
  }

  public boolean hasFormat() {
    return !format.isEmpty();
  }

  /** Whether the format is this word, which means something to the command alone. */
  public boolean is(String word) {
    return format.equals(word);
  }

  public boolean quiet() {
    return quiet;
  }

  public Format format() {
    return Format.of(format, quiet);
  }
}
