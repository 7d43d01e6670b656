package dev.keg.backup.store;

import dev.keg.program.Programs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Programs with the output that a test sets, and a list of started programs. */
public final class FakePrograms implements Programs {
  private final Function<List<String>, Result> results;
  private final List<List<String>> started = new ArrayList<>();

  /** How a program ends. */
  public record Result(int exitCode, String output, String complaint) {}

  public FakePrograms(Function<List<String>, Result> results) {
    this.results = results;
  }

  public List<List<String>> started() {
    return started;
  }

  @Override
  public Running start(List<String> command) throws IOException {
    started.add(command);
    Result result = results.apply(command);
    if (result.exitCode() == 127) {
      throw new IOException(command.getFirst() + ": command not found");
    }
    InputStream output = new ByteArrayInputStream(result.output().getBytes(StandardCharsets.UTF_8));
    return new Running() {
      @Override
      public OutputStream input() {
        return OutputStream.nullOutputStream();
      }

      @Override
      public InputStream output() {
        return output;
      }

      @Override
      public int exitCode() {
        return result.exitCode();
      }

      @Override
      public String complaint() {
        return result.complaint();
      }

      @Override
      public void close() {}
    };
  }
}
