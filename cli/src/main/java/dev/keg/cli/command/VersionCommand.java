package dev.keg.cli.command;

import dev.keg.cli.session.Keg;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code keg version}. */
@Command(name = "version", customSynopsis = "keg version [OPTIONS]", header = "Show the version")
public final class VersionCommand implements Runnable {
  @ParentCommand private Keg keg;

  @Override
  public void run() {
    keg.session().streams().out().println(keg.version());
  }
}
