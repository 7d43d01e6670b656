package dev.keg.cli.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.program.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuestGuardTest {
  private static final Optional<Path> BINARY = Optional.of(Path.of("/bin/keg"));

  /** A process that prints this and nothing else. */
  private static final class FakeProcess implements Programs.Running {
    private final InputStream output;
    private boolean closed;

    FakeProcess(InputStream output) {
      this.output = output;
    }

    Programs.Running start(List<String> command) {
      assertThat(command).containsExactly("setsid", "/bin/keg", "__thaw", "/agent");
      return this;
    }

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
      return 1;
    }

    @Override
    public String complaint() {
      return "no such command\n";
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static GuestGuard guard(FakeProcess process) {
    return new GuestGuard(process::start, BINARY, Path.of("/agent"), Duration.ofMillis(20));
  }

  @Test
  void a_process_that_never_says_that_it_is_ready_is_ended() throws IOException {
    try (PipedOutputStream silent = new PipedOutputStream()) {
      FakeProcess process = new FakeProcess(new PipedInputStream(silent));
      assertThatThrownBy(() -> guard(process).start())
          .isInstanceOf(IOException.class)
          .hasMessage("the process for it did not start within 0 s");
      assertThat(process.closed).isTrue();
    }
  }

  @Test
  void a_process_that_fails_says_why() {
    FakeProcess process = new FakeProcess(InputStream.nullInputStream());
    GuestGuard guard = new GuestGuard(process::start, BINARY, Path.of("/agent"));
    assertThatThrownBy(guard::start)
        .isInstanceOf(IOException.class)
        .hasMessage("the process for it ended: no such command");
    assertThat(process.closed).isTrue();
  }
}
