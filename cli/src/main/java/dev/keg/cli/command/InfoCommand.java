package dev.keg.cli.command;

import dev.keg.cli.info.Info;
import dev.keg.cli.json.Json;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code keg info}. */
@Command(name = "info", customSynopsis = "keg info [OPTIONS]")
public final class InfoCommand implements Runnable {
  @ParentCommand private Keg keg;

  @Option(names = "--json", description = "Print an object")
  private boolean json;

  @Override
  public void run() {
    Session session = keg.session();
    Info info = Info.of(session);
    session.streams().out().print(json ? Json.compact(info.document()) + "\n" : info.text());
  }
}
