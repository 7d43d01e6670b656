package dev.keg.cli.command;

import dev.keg.cli.json.Json;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Version;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code keg version}. */
@Command(name = "version", customSynopsis = "keg version [OPTIONS]")
public final class VersionCommand implements Runnable {
  @ParentCommand private Keg keg;

  @Option(names = "--json", description = "Print an object")
  private boolean json;

  @Override
  public void run() {
    PrintStream out = keg.session().streams().out();
    Version version = Version.read();
    out.println(json ? Json.compact(fields(version)) : version.text());
  }

  private static Map<String, String> fields(Version version) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("Version", version.number());
    fields.put("Commit", version.commit());
    fields.put("Date", version.date());
    fields.put("Runtime", version.runtime());
    return fields;
  }
}
