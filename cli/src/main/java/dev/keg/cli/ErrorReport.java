package dev.keg.cli;

import dev.keg.cli.output.table.VisibleText;
import dev.keg.cli.session.CommandFailure;
import dev.keg.cli.session.PartialFailure;
import dev.keg.cli.session.Streams;
import dev.keg.cli.session.WrongUse;
import dev.keg.cli.template.TemplateException;
import dev.keg.error.VolumeException;
import java.nio.file.InvalidPathException;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The one place that turns failures into messages and exit codes. */
final class ErrorReport {
  private static final int FAILED = 1;
  private static final int WRONG_FLAGS = 125;

  private final Streams streams;
  private final boolean forPrograms;
  private boolean debug;

  /**
   * @param forPrograms whether the first word of each line marks its kind
   */
  ErrorReport(Streams streams, boolean forPrograms, boolean debug) {
    this.streams = streams;
    this.forPrograms = forPrograms;
    this.debug = debug;
  }

  /** Reports an invalid command line: the mistake, the usage, where to read on. */
  int usageError(ParameterException e) {
    streams.out().flush();
    UsageError error = UsageError.of(e);
    streams.err().println((forPrograms ? "Error: " : "") + error.message());
    error.near().ifPresent(word -> print("Hint: did you mean " + word + "?"));
    streams.err().println();
    streams.err().println("Usage:  " + error.synopsis());
    streams.err().println();
    streams.err().println(error.pointer());
    return error.aboutFlags() ? WRONG_FLAGS : FAILED;
  }

  /** Reports a failed command. */
  int failure(Exception e, CommandLine command, ParseResult parsed) {
    debug |= parsed.originalArgs().contains("--debug");
    streams.out().flush();
    return e instanceof WrongUse wrong
        ? usageError(new ParameterException(command, String.valueOf(wrong.getMessage())))
        : tell(e);
  }

  private int tell(Exception e) {
    switch (e) {
      case VolumeException failure -> tell(failure);
      case PartialFailure failures -> {
        failures.failures().forEach(this::tell);
        return failures.status();
      }
      case TemplateException failure -> streams.err().println(failure.getMessage());
      // On Windows and in the locale "C", some characters cannot occur in file names.
      case InvalidPathException wrong ->
          streams
              .err()
              .println(
                  "Error: invalid path '%s': %s".formatted(wrong.getInput(), wrong.getReason()));
      case CommandFailure failure -> {
        streams.err().println(named(String.valueOf(failure.getMessage())));
        return failure.status();
      }
      default -> tellBug(e);
    }
    return FAILED;
  }

  /** Adds the first word, which marks the kind of line for programs. */
  private String named(String message) {
    boolean isNamed = message.startsWith("Error: ") || message.startsWith("Warning: ");
    return forPrograms && !isNamed ? "Error: " + message : message;
  }

  private void tell(VolumeException failure) {
    print("Error: ", failure);
    for (Throwable suppressed : failure.getSuppressed()) {
      print("Error: while cleaning up: ", suppressed);
    }
    trace(failure);
  }

  private void print(String beginning, Throwable failure) {
    print(beginning + failure.getMessage());
    if (failure instanceof VolumeException known) {
      known.hint().ifPresent(hint -> print("Hint: " + hint));
    }
  }

  // Messages contain names, and texts of servers and programs.
  private void print(String message) {
    streams.err().println(VisibleText.lines(message));
  }

  private void tellBug(Exception e) {
    Throwable bug = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
    streams.err().println("Error: this is a bug in keg: " + bug);
    if (!debug) {
      streams.err().println("Hint: run it again with --debug and report what it prints");
    }
    trace(bug);
  }

  private void trace(Throwable failure) {
    if (debug) {
      failure.printStackTrace(streams.err());
    }
  }

  /** Flushes the results; failing to write them is a failure. */
  int flush(int status) {
    boolean lost = streams.out().checkError();
    if (lost && status == 0) {
      streams.err().println("Error: cannot write to standard output");
    }
    streams.err().flush();
    return lost && status == 0 ? FAILED : status;
  }
}
