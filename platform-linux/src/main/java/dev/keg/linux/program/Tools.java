package dev.keg.linux.program;

import dev.keg.linux.kernel.ErrnoException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** External programs, always run with a list of arguments and never by a shell. */
public interface Tools {
  /** Runs it to its end and returns its standard output. */
  String run(Tool tool) throws ToolException;

  /** Starts it, holds the conversation, and ends it. */
  <T> T converse(Tool tool, Conversation<T> conversation)
      throws ToolException, ErrnoException, IOException;

  /**
   * Starts it in the background and waits for its first output, which means that it is ready. Its
   * standard input ends when it is closed or this process dies.
   */
  Companion start(Tool tool) throws ToolException;

  /** A program in the background. */
  @FunctionalInterface
  interface Companion extends AutoCloseable {
    /** Ends it at once. */
    @Override
    void close();
  }

  /** A conversation with a running program. */
  @FunctionalInterface
  interface Conversation<T> {
    T hold(long pid, OutputStream in, InputStream out) throws ErrnoException, IOException;
  }

  boolean has(String program);
}
