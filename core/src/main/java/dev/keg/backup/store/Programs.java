package dev.keg.backup.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * Starts programs of this machine. Core starts none itself: who puts the parts together hands in
 * the implementation, {@code dev.keg.cli.program.LocalTools}.
 */
@FunctionalInterface
public interface Programs {
  /**
   * Starts a program with exactly these arguments, in this process's environment, without a shell.
   *
   * @throws IOException if it cannot be started; the message says why, such as that there is none
   */
  Running start(List<String> command) throws IOException;

  /** A program that runs. */
  interface Running extends AutoCloseable {
    /** What it reads; closing it is the end of its input. */
    OutputStream input();

    /** What it prints. */
    InputStream output();

    /** Waits until it ends; its output has to be read, or it may not end. */
    int exitCode() throws InterruptedException;

    /** What it printed on its error output, in part where that is long; complete when it ended. */
    String complaint();

    /** Ends it, if it still runs, and lets its streams go. */
    @Override
    void close();
  }
}
