package dev.keg.moving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.moving.Arrival.State;
import dev.keg.moving.pass.Wire;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HeartbeatTest {
  /** Counts the messages. */
  private static final class Beats extends ByteArrayOutputStream {
    private final CountDownLatch three = new CountDownLatch(3);

    @Override
    public void flush() {
      three.countDown();
    }
  }

  @Test
  @Timeout(60)
  void a_host_that_works_for_long_says_so_before_it_answers() throws Exception {
    Beats said = new Beats();
    Wire there = new Wire(InputStream.nullInputStream(), said);
    try (Heartbeat _ = new Heartbeat(there, Duration.ofMillis(1))) {
      said.three.await();
      there.done(State.ARRIVING, "");
      there.done();
    }

    Wire here =
        new Wire(new ByteArrayInputStream(said.toByteArray()), OutputStream.nullOutputStream());
    here.answered();
    assertThat(here.take(State.class)).isEqualTo(State.ARRIVING);
    assertThat(here.text()).isEmpty();
    here.answered();
  }
}
