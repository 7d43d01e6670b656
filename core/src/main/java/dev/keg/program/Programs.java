package dev.keg.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * Starts programs of this machine. Core itself starts none: the application passes in the
 * implementation, {@code dev.keg.cli.program.LocalTools}.
 */
@FunctionalInterface
public interface Programs {
  /**
   * Starts a program with exactly these arguments, in this process's environment, without a shell.
   *
   * @throws IOException if it cannot be started; the message gives the reason, such as a missing
   *     program
   */
  Running start(List<String> command) throws IOException;

  /** A running program. */
  interface Running extends AutoCloseable {
    /** Its standard input; closing it ends the input. */
    OutputStream input();

    /** Its standard output. */
    InputStream output();

    /** Waits until it ends; its output must be read, or it may block. */
    int exitCode() throws InterruptedException;

    /** Its error output, truncated if it is long; complete once the program has ended. */
    String complaint();

    /** Ends it if it still runs, and closes its streams. */
    @Override
    void close();
  }
}
