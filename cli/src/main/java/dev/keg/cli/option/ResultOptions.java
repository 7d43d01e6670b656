package dev.keg.cli.option;

import dev.keg.cli.output.Result;
import dev.keg.cli.session.Session;
import picocli.CommandLine.Option;

/** How a command reports its result. */
public final class ResultOptions {
  @Option(names = "--json", description = "Print JSON: an object for each result")
  private boolean json;

  public boolean json() {
    return json;
  }

  public void print(Session session, Result result) {
    String text = result.text(json);
    if (!text.isEmpty()) {
      session.streams().out().println(text);
    }
  }
}
