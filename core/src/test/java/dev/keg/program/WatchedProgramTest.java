package dev.keg.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WatchedProgramTest {
  /** Reads its input only after it has printed something several times. */
  private static final class Busy implements Programs.Running {
    private final CountDownLatch words = new CountDownLatch(16);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Integer> taken = new ArrayList<>();

    @Override
    public OutputStream input() {
      return new OutputStream() {
        @Override
        public void write(int b) {
          throw new AssertionError("one byte at a time");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          try {
            words.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          if (ended.getCount() == 0) {
            throw new IOException("it has ended");
          }
          taken.add(length);
        }
      };
    }

    @Override
    public InputStream output() {
      return new InputStream() {
        @Override
        public int read() {
          return -1;
        }

        @Override
        public int available() {
          words.countDown();
          return 16 - (int) words.getCount();
        }
      };
    }

    @Override
    public int exitCode() {
      return 0;
    }

    @Override
    public String complaint() {
      return "";
    }

    @Override
    public void close() {
      ended.countDown();
      while (words.getCount() > 0) {
        words.countDown();
      }
    }
  }

  /** Prints nothing and does not end, until it is ended. */
  private static final class Silent implements Programs.Running {
    private final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public OutputStream input() {
      return OutputStream.nullOutputStream();
    }

    @Override
    public InputStream output() {
      return new InputStream() {
        @Override
        public int read() throws IOException {
          try {
            ended.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          return read();
        }
      };
    }

    @Override
    public int exitCode() throws InterruptedException {
      ended.await();
      return 143;
    }

    @Override
    public String complaint() {
      return "";
    }

    @Override
    public void close() {
      ended.countDown();
    }
  }

  @Test
  @Timeout(60)
  void one_that_never_answers_is_ended() {
    try (WatchedProgram watched = new WatchedProgram(new Silent(), Duration.ofMillis(40))) {
      assertThatThrownBy(() -> watched.answer("docker"))
          .isInstanceOf(IOException.class)
          .hasMessage("docker has not answered for 0 s; check whether its service hangs");
    }
  }

  @Test
  @Timeout(60)
  void one_that_does_not_end_is_ended() throws InterruptedException {
    try (WatchedProgram watched = new WatchedProgram(new Silent(), Duration.ofMillis(40))) {
      assertThat(watched.exitCode()).isEqualTo(143);
      assertThat(watched.isSilent()).isTrue();
    }
  }

  @Test
  @Timeout(60)
  void a_host_that_says_that_it_works_may_take_nothing_for_long() throws IOException {
    Busy busy = new Busy();
    try (WatchedProgram watched = new WatchedProgram(busy, Duration.ofMillis(500));
        OutputStream input = watched.input()) {
      input.write(new byte[20_000]);
      assertThat(watched.isSilent()).isFalse();
    }
    assertThat(busy.taken).containsExactly(8192, 8192, 3616);
  }
}
