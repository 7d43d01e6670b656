package dev.keg.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Where the process begins. */
@Command(name = "keg", version = "keg 1.0.0", mixinStandardHelpOptions = true)
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }
}
