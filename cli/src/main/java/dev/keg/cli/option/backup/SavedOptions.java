package dev.keg.cli.option.backup;

import dev.keg.cli.output.report.SaveReport.Style;
import picocli.CommandLine.Option;

/** How to report finished backups. */
public final class SavedOptions {
  @Option(names = "--json", description = "Print an object for each volume")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Only display the IDs of backups, or the file")
  private boolean quiet;

  public Style style() {
    return json ? Style.JSON : quiet ? Style.NAME : Style.LINE;
  }
}
