package dev.keg.cli.option;

import picocli.CommandLine.Option;

/** {@code --quiet} of a command that prints only its result. */
public final class QuietOption {
  @Option(
      names = {"-q", "--quiet"},
      description = "Show no progress")
  private boolean quiet;

  public boolean given() {
    return quiet;
  }
}
