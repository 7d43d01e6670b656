package dev.keg.cli.session;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The streams of a command. Results go to out, everything else to err.
 *
 * @param forPrograms whether everything is JSON
 */
public record Streams(InputStream in, PrintStream out, PrintStream err, boolean forPrograms) {
  // Small, since every command allocates all of them at its start.
  private static final int RESULTS = 1 << 14;
  private static final int MESSAGES = 1 << 9;

  /** Streams for people. */
  public Streams(InputStream in, PrintStream out, PrintStream err) {
    this(in, out, err, false);
  }

  /** The process's own streams, always in UTF-8; out is flushed when the command is done. */
  static Streams ofProcess() {
    return new Streams(
        new FileInputStream(FileDescriptor.in),
        print(FileDescriptor.out, RESULTS, false),
        print(FileDescriptor.err, MESSAGES, true));
  }

  private static PrintStream print(FileDescriptor descriptor, int buffer, boolean autoFlush) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor), buffer),
        autoFlush,
        StandardCharsets.UTF_8);
  }

  public BufferedReader reader() {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }
}
