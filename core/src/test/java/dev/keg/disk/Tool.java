package dev.keg.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Runs a program for a test and returns its output; its failure fails the test. */
public final class Tool {
  private Tool() {}

  public static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(String.join(" ", command) + ": " + output);
      }
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
