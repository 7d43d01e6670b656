package dev.keg.cli;

import dev.keg.cli.help.HelpText;
import dev.keg.cli.session.Environment;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.NativeBinary;
import dev.keg.cli.session.Streams;
import dev.keg.json.JsonDocument;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The start and the end of the process. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    prepare();
    if (!NativeBinary.isRunning()) {
      prepareParser();
    }
    int status = run(Environment.ofProcess(), args);
    // Java prepares to log an exit, which takes longer than returning; nothing else is running.
    if (status != 0) {
      System.exit(status);
    }
  }

  /** Prepares the process for its commands. */
  static void prepare() {
    // Output is for scripts: numbers are formatted the same in every locale.
    Locale.setDefault(Locale.ROOT);
    OwnLibraries.findBesideBinary();
    // Otherwise picocli looks for Groovy, and Java opens every jar for that.
    System.setProperty("picocli.disable.closures", "true");
  }

  // On another processor, while this one builds picocli's model.
  private static void prepareParser() {
    try {
      Thread.ofPlatform().daemon().start(JsonDocument::prepare);
    } catch (OutOfMemoryError _) {
      // No thread is left: the first document prepares it.
    }
  }

  /** Runs one command line and returns its exit status. */
  public static int run(Environment process, String... given) {
    if (DockerPlugin.asksForMetadata(given)) {
      process.streams().out().print(DockerPlugin.metadata());
      process.streams().out().flush();
      return 0;
    }
    String[] args = DockerPlugin.words(process.variables(), given);
    boolean forPrograms = Environment.isForPrograms(args);
    Environment environment = forPrograms ? process.speakingJson() : process;
    Keg root = new Keg(environment);
    Streams streams = root.streams();
    ErrorReport report = new ErrorReport(streams, forPrograms, environment.debug());
    CommandLine keg = new CommandLine(root, new Factory());
    Commands.addTo(keg, args);
    HelpText.applyTo(keg, Commands::groups, root::columns);
    // Keg's texts contain no ${variable}.
    keg.setInterpolateVariables(false);
    keg.setOut(writer(streams.out()));
    keg.setErr(writer(streams.err()));
    keg.setParameterExceptionHandler((e, _) -> report.usageError(e));
    keg.setExecutionExceptionHandler(report::failure);
    int status = report.flush(execute(keg, report, args));
    if (forPrograms) {
      // Ends an unfinished line; the process's own stream stays open.
      streams.err().close();
    }
    return status;
  }

  // The streams have their own buffers.
  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
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
