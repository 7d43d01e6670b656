package dev.keg.cli.command;

import dev.keg.cli.output.Format;
import picocli.CommandLine.Option;

/** How a list is shown. */
final class RowOptions {
  @Option(
      names = "--format",
      paramLabel = "string",
      defaultValue = "",
      description = "Format output: 'table', 'table TEMPLATE', 'json', 'raw' or a Go template")
  private String format;

  @Option(
      names = {"-q", "--quiet"},
      description = "Only display names")
  private boolean quiet;

  boolean given() {
    return quiet || !format.isEmpty();
  }

  boolean quiet() {
    return quiet;
  }

  Format format() {
    return Format.of(format, quiet);
  }
}
