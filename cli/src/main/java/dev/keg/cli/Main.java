package dev.keg.cli;

import dev.keg.cli.help.HelpText;
import dev.keg.cli.session.Environment;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Streams;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Where the process begins and ends. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    // Output is for scripts: the same digits and letters in every country.
    Locale.setDefault(Locale.ROOT);
    OwnLibraries.findBesideBinary();
    int status = run(Environment.ofProcess(), args);
    // Java prepares to log an exit, which takes longer than to return; nothing of ours is left.
    if (status != 0) {
      System.exit(status);
    }
  }

  /** Runs one command line and returns its exit status. */
  public static int run(Environment environment, String... given) {
    Streams streams = environment.streams();
    if (DockerPlugin.asksForMetadata(given)) {
      streams.out().print(DockerPlugin.metadata());
      streams.out().flush();
      return 0;
    }
    String[] args = DockerPlugin.words(environment.variables(), given);
    ErrorReport report = new ErrorReport(streams, environment.debug());
    Keg root = new Keg(environment);
    CommandLine keg = new CommandLine(root);
    Commands.addTo(keg, args);
    HelpText.applyTo(keg, Commands::groups, root::columns);
    keg.setOut(new PrintWriter(streams.out(), true, StandardCharsets.UTF_8));
    keg.setErr(new PrintWriter(streams.err(), true, StandardCharsets.UTF_8));
    keg.setParameterExceptionHandler((e, _) -> report.usageError(e));
    keg.setExecutionExceptionHandler(report::failure);
    return report.flush(execute(keg, report, args));
  }

  private static int execute(CommandLine keg, ErrorReport report, String... args) {
    keg.setExpandAtFiles(false);
    keg.setOverwrittenOptionsAllowed(true);
    keg.setAllowOptionsAsOptionParameters(true);
    String[] words;
    try {
      words = FlagParser.parse(keg, args);
    } catch (ParameterException e) {
      return report.usageError(e);
    }
    return keg.execute(words);
  }
}
