package dev.keg.linux.program;

import dev.keg.linux.kernel.ErrnoException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** External programs: always a list of arguments, never a shell. */
public interface Tools {
  /** Runs it to its end and returns what it wrote to its standard output. */
  String run(Tool tool) throws ToolException;

  /** Starts it, talks with it, and ends it. */
  <T> T converse(Tool tool, Conversation<T> conversation)
      throws ToolException, ErrnoException, IOException;

  /** Starts it, to run beside us: its standard input ends when we close it, or die. */
  Companion start(Tool tool) throws ToolException;

  /** A program that runs beside us. */
  @FunctionalInterface
  interface Companion extends AutoCloseable {
    /** Ends it at once, before its input ends. */
    @Override
    void close();
  }

  /** What is done with a program while it runs. */
  @FunctionalInterface
  interface Conversation<T> {
    T hold(long pid, OutputStream in, InputStream out) throws ErrnoException, IOException;
  }

  boolean has(String program);
}
